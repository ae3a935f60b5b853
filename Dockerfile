# The portal as it ships: the release server without demo code, its hashed files beside it, nothing else to run.
# No step is more than scripts/image-check.sh can do by hand where there is no container engine: keep the two alike.

FROM rust:1.95-bookworm AS build
RUN apt-get update -q && apt-get install -q -y --no-install-recommends nodejs npm brotli && rm -rf /var/lib/apt/lists/*
WORKDIR /src
# Tools first: they change seldom, and take longest.
COPY rust-toolchain.toml Cargo.lock ./
COPY scripts/environment.sh scripts/image-tools.sh scripts/
COPY end2end/package.json end2end/package-lock.json end2end/
RUN scripts/image-tools.sh
COPY . .
RUN scripts/image-build.sh /out

FROM debian:bookworm-slim
RUN apt-get update -q && apt-get install -q -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin portal
COPY --from=build /out /app
WORKDIR /app
# The hashed names stand in hash.txt beside the executable; the server refuses to start without it.
ENV LEPTOS_HASH_FILES=true \
    LEPTOS_SITE_ADDR=0.0.0.0:3000 \
    PORTAL_ADMIN_ADDR=0.0.0.0:9464 \
    PORTAL_SITE_ROOT=/app/site
USER 10001:10001
EXPOSE 3000 9464
ENTRYPOINT ["/app/odr-portal"]
CMD ["serve"]
