// While an element has data-poll, its newest state is fetched from there every second and put in its place. When
// the job is done the answer has no data-poll any more, and the whole page is loaded once to show the result.
const EVERY_MS = 1000;
const FAILURES_MAX = 30;

const poll = async (id, failures = 0) => {
  const element = document.getElementById(id);
  if (!element?.dataset.poll) return;
  try {
    const answer = await fetch(element.dataset.poll);
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(id);
    if (!fresh?.dataset.poll) return location.reload();
    element.replaceWith(document.importNode(fresh, true));
    setTimeout(poll, EVERY_MS, id);
  } catch {
    if (failures < FAILURES_MAX) setTimeout(poll, EVERY_MS * 2, id, failures + 1);
  }
};

for (const element of document.querySelectorAll("[data-poll][id]")) setTimeout(poll, EVERY_MS, element.id);
