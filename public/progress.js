// How far work in the background is, as the portal tells it. The page is whole without this: then it is asked for again every few seconds.
const shown = document.querySelector("[data-progress]");
const [bar, line] = shown.children;
const began = { at: performance.now(), done: undefined };

// What is left at the pace since the page was opened.
function left({ done, total }) {
  began.done ??= done;
  const pace = (done - began.done) / ((performance.now() - began.at) / 1000);
  if (total === 0 || pace <= 0) return "";
  const seconds = Math.ceil((total - done) / pace);
  const words = seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
  return `, ${Math.round(pace).toLocaleString("en-IN")} rows a second, about ${words} left`;
}

function tell(standing) {
  if (!standing.working) return location.reload();
  const count = (number) => number.toLocaleString("en-IN");
  if (standing.total > 0) [bar.max, bar.value] = [standing.total, standing.done];
  line.textContent = `${standing.words}: ${count(standing.done)}${standing.total > 0 ? ` of ${count(standing.total)}` : ""}${left(standing)}`;
}

// Where events do not get through, it is asked.
async function ask() {
  const answer = await fetch(shown.dataset.progress, { headers: { accept: "application/json" } }).catch(() => undefined);
  if (answer?.redirected || answer?.status === 401) return location.reload();
  if (answer?.ok) tell(await answer.json());
  setTimeout(ask, 2000);
}

const events = new EventSource(shown.dataset.progress);
events.onmessage = (event) => tell(JSON.parse(event.data));
events.onerror = () => {
  events.close();
  setTimeout(ask, 2000);
};
