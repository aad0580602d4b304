// The page's one script. Everything that came from a camera, a caller or the model is put in as text,
// never as markup.
const byId = (id) => document.getElementById(id);
const REFRESH_MS = 2000;
const LONGEST_WAIT_MS = 60_000;
const PATIENCE_MS = 30_000;
const MOST_KEPT = 8;
const FEED_LENGTH = 100;
const TIMELINE_LENGTH = 40;

/** Makes an element with text in it. */
function element(name, text = "", attributes = {}) {
  const made = document.createElement(name);
  if (text !== "") made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** Calls the API; throws what a person should read. */
async function call(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { signal: AbortSignal.timeout(PATIENCE_MS), ...options });
  } catch {
    throw new Error("The service cannot be reached.");
  }
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw Object.assign(new Error(problem.detail ?? `The service answered ${response.status}.`), { status: response.status });
  }
  return response.status === 204 ? null : response.json();
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Twice as long after each failure, within bounds. */
const longer = (wait) => Math.min(2 * wait, LONGEST_WAIT_MS);

/** One reading at a time; who asks during one gets what is read after it. */
function oneAtATime(read) {
  let running = null;
  let next = null;
  return function refresh() {
    if (!running) {
      running = read().catch(() => {}).then(() => { running = null; });
      return running;
    }
    next ??= running.then(() => {
      next = null;
      return refresh();
    });
    return next;
  };
}

/** Refreshes for ever, a while after the last time is over. */
async function poll(refresh, every, wanted = () => true) {
  for (;;) {
    await pause(every);
    if (!document.hidden && wanted()) await refresh();
  }
}

/** Rows that are there already stay: somebody may be about to press one of their buttons. Tells whether they did. */
function keepRows(list, items, key, row) {
  const rows = [...list.children];
  const same = rows.length === items.length && rows.every((one, n) => one.dataset.key === key(items[n]));
  if (!same) {
    list.replaceChildren(...items.map((item) => {
      const made = row(item);
      made.dataset.key = key(item);
      return made;
    }));
  }
  return same;
}

const postJson = (path, body) =>
  call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
const remove = (path) => call(path, { method: "DELETE" });

/** Shows why a form could not be sent; clears it when all is well. */
function tell(form, error) {
  const place = form.querySelector(".problem");
  place.hidden = !error;
  place.textContent = error ? error.message : "";
}

function submits(form, send) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button[type=submit]");
    button.disabled = true;
    try {
      await send(new FormData(form));
      tell(form, null);
    } catch (error) {
      tell(form, error);
    } finally {
      button.disabled = false;
    }
  });
}

const seconds = (micros) => {
  const all = Math.max(0, micros) / 1e6;
  const minutes = Math.floor(all / 60);
  return `${minutes}:${(all - 60 * minutes).toFixed(1).padStart(4, "0")}`;
};
const number = (value) => value.toLocaleString("en");
const clock = (instant) => new Date(instant).toLocaleTimeString([], { hour12: false });

// ---- the model ----

async function showModel() {
  const models = await call("/v1/models").catch(() => ({ data: [] }));
  const model = models.data[0];
  if (!model) return;
  byId("model-name").textContent = model.id;
  byId("model-notice").textContent = model.notice ?? "";
  byId("model-notice").hidden = !model.notice;
}

// ---- cameras ----

const tiles = new Map();

function tile(id) {
  const made = byId("camera-template").content.firstElementChild.cloneNode(true);
  made.dataset.stream = id;
  made.querySelector(".name").textContent = id;
  for (const kind of ["sampled", "gated", "dropped"]) {
    made.querySelector(".stack").append(element("span", "", { class: kind }));
  }
  made.querySelector(".remove").setAttribute("aria-label", `Remove camera ${id}`);
  made.querySelector(".remove").addEventListener("click", async () => {
    await remove(`/api/streams/${encodeURIComponent(id)}`).catch(() => {});
    refreshCameras();
  });
  byId("cameras").append(made);
  const known = { element: made, at: null, outcomes: [] };
  tiles.set(id, known);
  return known;
}

function showCamera(stream) {
  const known = tiles.get(stream.id) ?? tile(stream.id);
  const { element: at } = known;
  const state = at.querySelector(".state");
  state.textContent = stream.failure ? `${stream.state.name} · ${stream.failure}` : stream.state.name;
  state.dataset.state = stream.failure ? "retrying" : stream.state.name;
  state.title = stream.state.reason ?? "";
  at.querySelector(".remove").hidden = !stream.defined;
  const dropped = Object.values(stream.frames.dropped).reduce((sum, n) => sum + n, 0);
  const counts = { ...stream.frames, dropped };
  for (const [name, value] of Object.entries(counts)) {
    const place = at.querySelector(`[data-count="${name}"]`);
    if (place) place.textContent = number(value);
    const bar = at.querySelector(`.stack .${name}`);
    if (bar) bar.style.flexGrow = value;
  }
  at.querySelector("[data-count=dropped]").title =
    Object.entries(stream.frames.dropped).map(([why, n]) => `${why}: ${n}`).join(", ");
  at.querySelector(".stack").setAttribute("aria-label",
    `Frames: ${counts.seen} seen, ${counts.sampled} sampled, ${counts.gated} gated, ${dropped} dropped`);
  if (stream.latest && stream.latest.at !== known.at) {
    known.at = stream.latest.at;
    const image = at.querySelector("img");
    keepPicture(at.querySelector(".strip"), image);
    image.alt = `Latest sampled frame of ${stream.id}`;
    image.src = `/api/streams/${encodeURIComponent(stream.id)}/frame.jpg?at=${encodeURIComponent(known.at)}`;
    image.hidden = false;
    at.querySelector(".blank").hidden = true;
  }
}

/** What a tile has shown stays for a while: answers are about seconds that are over. */
function keepPicture(strip, image) {
  if (!image.complete || image.naturalWidth === 0) return;
  const copy = element("canvas", "", { width: 160, height: Math.round((160 * image.naturalHeight) / image.naturalWidth) });
  copy.getContext("2d").drawImage(image, 0, 0, copy.width, copy.height);
  strip.append(copy);
  while (strip.children.length > MOST_KEPT) strip.firstElementChild.remove();
}

/** Keeps a list of choices in step with the cameras, whatever is chosen. */
function offerCameras(select, ids) {
  const wanted = ids.filter((id) => ![...select.options].some((option) => option.value === id));
  for (const id of wanted) select.append(element("option", id, { value: id }));
  for (const option of [...select.options].slice(1)) if (!ids.includes(option.value)) option.remove();
}

const refreshCameras = oneAtATime(async () => {
  const listed = await call("/api/streams");
  byId("lag").textContent = listed.lag < 0 ? "–" : number(listed.lag);
  listed.streams.forEach(showCamera);
  const ids = listed.streams.map((stream) => stream.id);
  for (const [id, known] of tiles) {
    if (!ids.includes(id)) {
      known.element.remove();
      tiles.delete(id);
    }
  }
  byId("no-cameras").hidden = ids.length > 0;
  offerCameras(byId("answers-filter"), ids);
  offerCameras(byId("add-question").elements.stream, ids);
});

submits(byId("add-camera"), async (form) => {
  const camera = { id: form.get("id"), sampling: form.get("sampling"), overload: form.get("overload"), loop: form.has("loop") };
  if (form.get("source")) camera.source = form.get("source");
  await postJson("/api/streams", camera);
  byId("add-camera").reset();
  await refreshCameras();
});

for (const opener of document.querySelectorAll("[data-opens]")) {
  opener.addEventListener("click", () => {
    const opened = byId(opener.dataset.opens);
    opened.hidden = !opened.hidden;
    opener.setAttribute("aria-expanded", String(!opened.hidden));
    if (!opened.hidden) opened.querySelector("input").focus();
  });
}

// ---- live answers ----

/** How probable the choice is that was answered; 1 where there were no choices. */
const share = (body) => body.probabilities?.[body.choice] ?? 1;
const percent = (fraction) => `${(100 * fraction).toFixed(0)} %`;

function said(body) {
  if (body.choice !== undefined) return `${body.choice} · ${percent(share(body))}`;
  if (body.outcome === "answered") return body.text;
  return body.outcome === "skipped" ? `skipped: ${body.reason}` : `failed: ${body.detail ?? body.code}`;
}

/** A camera's window by the clock on the wall, a clip's by its own time. */
function when(window) {
  if (!window.capturedAt) return `${seconds(window.startMicros)} – ${seconds(window.endMicros)}`;
  const length = (window.endMicros - window.startMicros) / 1e6;
  return `${clock(window.capturedAt)} + ${number(length)} s`;
}

function showAnswer(event) {
  const body = event.data;
  const item = element("li", "", { "data-outcome": body.outcome });
  const meta = element("p", "", { class: "meta" });
  meta.append(element("span", body.stream ?? `clip ${body.clip?.slice(0, 8)}`));
  meta.append(element("span", when(body.window)));
  item.append(meta, element("p", body.question.text, { class: "asked" }));
  item.append(element("p", said(body), { class: body.outcome === "answered" ? "said" : "said none" }));
  item.dataset.stream = body.stream ?? "";
  item.dataset.id = event.id;
  item.hidden = hiddenByFilter(item);
  const feed = byId("answers");
  feed.prepend(item);
  while (feed.children.length > FEED_LENGTH) feed.lastElementChild.remove();
  byId("no-answers").hidden = true;
  if (body.stream) showVerdict(body);
}

const inShort = (body) => (body.choice === undefined ? body.outcome : said(body));

/** One bar of the timeline: as high as its choice is probable. */
function verdict(body) {
  const bar = element("i", "", { "data-outcome": body.outcome, title: `${body.question.text} ${inShort(body)}` });
  if (body.choice !== undefined) bar.dataset.choice = body.choice;
  bar.style.height = `${100 * share(body)}%`;
  return bar;
}

function showVerdict(body) {
  const known = tiles.get(body.stream) ?? tile(body.stream);
  known.outcomes = [...known.outcomes, body].slice(-TIMELINE_LENGTH);
  const timeline = known.element.querySelector(".timeline");
  timeline.replaceChildren(...known.outcomes.map(verdict));
  timeline.setAttribute("aria-label", `Last verdicts, oldest first: ${known.outcomes.map(inShort).join(", ")}`);
  known.element.querySelector(".last").textContent = said(body);
}

const hiddenByFilter = (item) => {
  const wanted = byId("answers-filter").value;
  return wanted !== "" && item.dataset.stream !== wanted;
};
byId("answers-filter").addEventListener("change", () => {
  for (const item of byId("answers").children) item.hidden = hiddenByFilter(item);
});

function connected(state, text) {
  byId("connection").dataset.state = state;
  byId("connection").textContent = text;
}

/** The id that stands for now; scripts see those of answers alone, so it is read from the stream's first block. */
async function answersEnd() {
  const response = await fetch("/api/answers?from=latest", { signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!response.ok) throw new Error(`The service answered ${response.status}.`);
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  for (let text = ""; ;) {
    const { done, value } = await reader.read();
    if (done) throw new Error("The answers ended.");
    text += decoder.decode(value, { stream: true });
    const id = /^id:(.*)\n/m.exec(text);
    if (id) {
      reader.cancel();
      return id[1];
    }
  }
}

async function followNewAnswers(wait = REFRESH_MS) {
  try {
    followAnswers(await answersEnd());
  } catch {
    connected("broken", "reconnecting");
    setTimeout(() => followNewAnswers(longer(wait)), wait);
  }
}

/**
 * Behind the answer of that id. The browser resumes by itself where a connection breaks, but gives up on an answer other than 200: then it
 * is begun again behind the last answer seen.
 */
function followAnswers(last, wait = REFRESH_MS) {
  const source = new EventSource(`/api/answers?lastEventId=${encodeURIComponent(last)}`);
  source.addEventListener("open", () => {
    wait = REFRESH_MS;
    connected("live", "live");
  });
  source.addEventListener("error", () => {
    connected("broken", "reconnecting");
    if (source.readyState === EventSource.CLOSED) setTimeout(() => followAnswers(last, longer(wait)), wait);
  });
  source.addEventListener("answer", (event) => {
    last = event.lastEventId;
    try {
      showAnswer(JSON.parse(event.data));
    } catch {
      // Somebody else's record on the topic: not an answer of ours.
    }
  });
}

// ---- standing questions ----

const refreshQuestions = oneAtATime(async () => {
  const { questions } = await call("/api/questions");
  keepRows(byId("questions"), questions, (question) => `${question.id} ${question.version}`, questionRow);
  byId("no-questions").hidden = questions.length > 0;
});

/** What the answers may be, where it is not free text. */
function answeredBy(question) {
  const format = question.answerFormat ?? { type: "text" };
  const said = { yesNo: "yes or no", choices: `one of ${format.choices?.join(", ")}`, jsonSchema: "JSON" }[format.type];
  return said ? ` · ${said}` : "";
}

function questionRow(question) {
  const row = element("li");
  const text = element("div");
  text.append(element("p", question.text, { class: "name" }));
  const window = question.window;
  text.append(element("p",
    `${question.stream === "*" ? "all cameras" : question.stream} · ${window.lengthMillis / 1000} s every ${window.hopMillis / 1000} s${answeredBy(question)}`,
    { class: "meta" }));
  const button = element("button", "Remove", { type: "button", class: "quiet", "aria-label": `Remove question: ${question.text}` });
  button.addEventListener("click", async () => {
    await remove(`/api/questions/${encodeURIComponent(question.id)}`).catch(() => {});
    refreshQuestions();
  });
  row.append(text, button);
  return row;
}

byId("answer-kind").addEventListener("change", (event) => {
  const open = event.target.value === "choices";
  byId("answer-choices").hidden = !open;
  byId("answer-choices").querySelector("input").required = open;
});

function answerFormat(form) {
  const type = form.get("answers");
  if (type !== "choices") return { type };
  return { type, choices: form.get("choices").split(",").map((choice) => choice.trim()).filter((choice) => choice) };
}

submits(byId("add-question"), async (form) => {
  await postJson("/api/questions", {
    answerFormat: answerFormat(form),
    text: form.get("text"),
    stream: form.get("stream"),
    window: {
      lengthMillis: Math.round(1000 * Number(form.get("length"))),
      hopMillis: Math.round(1000 * Number(form.get("hop"))),
    },
  });
  byId("add-question").elements.text.value = "";
  await refreshQuestions();
});

// ---- clips ----

let shownClip = null;
let following = null;

/** Sends the file as it is, with progress; fetch cannot tell how much was sent. */
function upload(file, question, onProgress) {
  const query = new URLSearchParams({ name: file.name });
  if (question) query.set("question", question);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/clips?${query}`);
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => onProgress(event.loaded / Math.max(1, event.total)));
    request.addEventListener("load", () => request.status === 202
      ? resolve(request.response)
      : reject(new Error(request.response?.detail ?? `The service answered ${request.status}.`)));
    request.addEventListener("error", () => reject(new Error("The upload broke off. The service may have refused the clip's size.")));
    request.send(file);
  });
}

submits(byId("upload"), async (form) => {
  const progress = byId("upload-progress");
  const bar = byId("upload-bar");
  progress.hidden = false;
  bar.value = 0;
  byId("upload-label").textContent = "Uploading";
  try {
    const clip = await upload(form.get("file"), form.get("question"), (fraction) => {
      bar.value = fraction;
      if (fraction >= 1) byId("upload-label").textContent = "Checking";
    });
    byId("upload").reset();
    await refreshClips();
    showClip(clip);
  } finally {
    progress.hidden = true;
  }
});

const dropZone = byId("upload");
for (const kind of ["dragenter", "dragover"]) {
  dropZone.addEventListener(kind, (event) => { event.preventDefault(); dropZone.dataset.over = ""; });
}
for (const kind of ["dragleave", "drop"]) {
  dropZone.addEventListener(kind, () => delete dropZone.dataset.over);
}
dropZone.addEventListener("drop", (event) => {
  event.preventDefault();
  if (event.dataTransfer.files.length > 0) dropZone.elements.file.files = event.dataTransfer.files;
});

const refreshClips = oneAtATime(async () => {
  const { clips } = await call("/api/clips");
  if (keepRows(byId("clips"), clips, (clip) => clip.id, clipRow)) clips.forEach(showState);
});

/** True while the page shows a clip that is not over: its state changes without us. */
const clipsUnderWay = () => document.querySelector("#clips .tag:not([data-state=done]):not([data-state=failed])") !== null;

function showState(clip) {
  const tag = document.querySelector(`#clips [data-key="${CSS.escape(clip.id)}"] .tag`);
  if (!tag) return;
  tag.textContent = clip.state;
  tag.dataset.state = clip.state;
  tag.title = clip.failure?.detail ?? "";
}

const clipTitle = (clip) => clip.name ?? `clip ${clip.id.slice(0, 8)}`;

function clipRow(clip) {
  const row = element("li", "", { "aria-current": String(clip.id === shownClip) });
  const text = element("div");
  const pick = element("button", clipTitle(clip), { type: "button", class: "pick name" });
  pick.addEventListener("click", () => showClip(clip));
  text.append(pick, element("p", clip.question ?? "captions", { class: "meta" }));
  const button = element("button", "Remove", { type: "button", class: "quiet", "aria-label": `Remove ${clipTitle(clip)}` });
  button.addEventListener("click", async () => {
    await remove(`/api/clips/${clip.id}`).catch(() => {});
    if (shownClip === clip.id) closePlayer();
    refreshClips();
  });
  row.append(text, element("span", clip.state, { class: "tag", "data-state": clip.state }), button);
  return row;
}

function closePlayer() {
  following?.close();
  following = null;
  shownClip = null;
  byId("player").hidden = true;
  byId("video").replaceChildren();
  byId("video").removeAttribute("src");
}

function showClip(clip) {
  closePlayer();
  shownClip = clip.id;
  const path = `/api/clips/${clip.id}`;
  byId("player").hidden = false;
  byId("player-title").textContent = clipTitle(clip);
  byId("player-downloads").replaceChildren();
  byId("captions").replaceChildren();
  byId("video").hidden = false;
  byId("video-none").hidden = true;
  byId("video").src = `${path}/media`;
  for (const row of byId("clips").children) row.setAttribute("aria-current", String(row.dataset.key === clip.id));
  showProgress(clip);
  byId("player").scrollIntoView({ block: "nearest" });
  followClip(clip.id, path);
}

/** Each connection tells all captions again. */
function followClip(id, path, wait = REFRESH_MS) {
  const source = new EventSource(`${path}/events`);
  following = source;
  source.addEventListener("open", () => {
    wait = REFRESH_MS;
    byId("captions").replaceChildren();
  });
  source.addEventListener("progress", (event) => showProgress(JSON.parse(event.data)));
  source.addEventListener("text", (event) => showCaption(JSON.parse(event.data)));
  for (const end of ["done", "failed"]) {
    source.addEventListener(end, (event) => {
      source.close();
      finished(JSON.parse(event.data), path);
    });
  }
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) resumeClip(source, id, path, wait);
  });
}

/** The browser has given up: is the clip gone, or was the service busy? */
async function resumeClip(source, id, path, wait) {
  await pause(wait);
  const gone = await call(path).then(() => false, (error) => error.status === 404);
  if (following !== source) return;
  if (!gone) {
    followClip(id, path, longer(wait));
    return;
  }
  byId("player-state").dataset.state = "failed";
  byId("player-state").textContent = "The clip is not there any more.";
  byId("player-bar").hidden = true;
  refreshClips();
}

function showProgress(clip) {
  const place = byId("player-state");
  place.dataset.state = clip.state;
  place.textContent = clip.failure
    ? `${clip.failure.detail} (${clip.failure.code})`
    : { queued: "Waiting for its turn", running: `Working: ${number(clip.progress.frames)} frames seen`, done: "Done" }[clip.state] ?? "";
  byId("player-bar").hidden = clip.state !== "running" && clip.state !== "queued";
  byId("player-bar").value = clip.progress.fraction;
  showState(clip);
}

function showCaption(caption) {
  const line = element("button", "", { type: "button" });
  line.append(element("time", `${seconds(caption.startMicros)} – ${seconds(caption.endMicros)}`), element("span", caption.text));
  line.addEventListener("click", () => { byId("video").currentTime = caption.startMicros / 1e6; });
  const item = element("li");
  item.append(line);
  byId("captions").append(item);
}

// Its height is known only now: captions belong into the picture too.
byId("video").addEventListener("loadedmetadata", () => byId("player").scrollIntoView({ block: "nearest" }));
byId("video").addEventListener("error", () => {
  if (!shownClip) return;
  byId("video").hidden = true;
  byId("video-none").hidden = false;
});

async function finished(clip, path) {
  showProgress(clip);
  if (clip.state !== "done" || shownClip !== clip.id) return;
  const result = await call(`${path}/result?format=json`).catch(() => null);
  if (!result || shownClip !== clip.id) return;
  const texts = result.answer ? [result.answer] : result.captions ?? [];
  byId("captions").replaceChildren();
  texts.forEach(showCaption);
  const track = element("track", "", { kind: "captions", label: "DenseStream", srclang: "en", src: `${path}/result?format=vtt` });
  track.default = true;
  byId("video").append(track);
  track.track.mode = "showing";
  byId("player-downloads").replaceChildren(...["json", "vtt", "srt"].map((format) =>
    element("a", format.toUpperCase(), { href: `${path}/result?format=${format}`, download: `${clipTitle(clip)}.${format}` })));
}

// ---- go ----

showModel();
refreshCameras();
refreshQuestions();
refreshClips();
followNewAnswers();
poll(refreshCameras, REFRESH_MS);
poll(refreshQuestions, 5 * REFRESH_MS);
poll(refreshClips, REFRESH_MS, clipsUnderWay);
