# The portal as it ships: the release server without demo code, its hashed files beside it, nothing else to run.
# No step is more than scripts/image-check.sh can do by hand where there is no container engine: keep the two alike.

FROM node:20-bookworm-slim AS node

FROM rust:1.95-bookworm AS build
# sass and wasm-opt come from npm; Debian's own Node is too old for them.
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
# This image's compiler, whatever "stable" has become since.
ENV RUSTUP_TOOLCHAIN=1.95.0
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
ENV LEPTOS_SITE_ADDR=0.0.0.0:3000 \
    PORTAL_ADMIN_ADDR=0.0.0.0:9464 \
    PORTAL_SITE_ROOT=/app/site
USER 10001:10001
EXPOSE 3000 9464
ENTRYPOINT ["/app/odr-portal"]
CMD ["serve"]
