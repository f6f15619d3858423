// Sends forms without a new page and shows what the server pushes. Without it the page works by loading anew.
"use strict";

(() => {
  const stage = document.querySelector(".stage");
  const slip = stage.querySelector(".slip");

  const complain = (text) => {
    slip.textContent = text;
    slip.hidden = !text;
  };

  const parse = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content.firstElementChild;
  };

  // --- what the server pushes ---

  const focusOf = (part) => {
    const on = document.activeElement;
    if (!on || !part.contains(on)) return null;
    return { tag: on.localName, place: [...part.querySelectorAll(on.localName)].indexOf(on) };
  };

  const put = (fresh, old) => {
    const focus = focusOf(old);
    fresh.querySelectorAll("details").forEach((one, index) => {
      one.open = Boolean(old.querySelectorAll("details")[index]?.open);
    });
    old.replaceWith(fresh);
    if (focus) (fresh.querySelectorAll(focus.tag)[focus.place] ?? fresh.closest(".scroll"))?.focus({ preventScroll: true });
  };

  const count = (link, change) => {
    const badge = link?.querySelector(".unread");
    if (!badge) return;
    const shown = badge.querySelector("b");
    const number = change ? Number(shown.textContent) + change : 0;
    shown.textContent = number;
    badge.hidden = !number;
  };

  const isSeen = (chat) => chat.offsetParent !== null;
  const tabsOf = (chat) => [
    chat.hidden ? stage.querySelector(`.people [data-person="${chat.id.slice(5)}"]`) : null,
    stage.dataset.view === chat.dataset.column ? null : stage.querySelector(`[data-show="${chat.dataset.column}"]`),
  ];

  const showBubble = (html) => {
    const fresh = parse(html);
    const old = document.getElementById(fresh.id);
    const log = document.getElementById(`log-${fresh.dataset.person}`);
    if (!log) return;
    if (old) put(fresh, old);
    else log.append(fresh);
    const chat = log.closest(".chat");
    chat.querySelector(".hints")?.remove();
    if (!fresh.classList.contains("own") && !isSeen(chat)) tabsOf(chat).forEach((tab) => count(tab, 1));
    if (!old || isSeen(chat)) chat.querySelector(".scroll").scrollTop = 0; // upside down: the newest
  };

  const showPiece = (html) => {
    const fresh = parse(html);
    const old = document.getElementById(fresh.id);
    if (old) put(fresh, old);
  };

  const listen = () => {
    const address = new URL(stage.dataset.events, location.href);
    address.searchParams.set("since", stage.dataset.since);
    const events = new EventSource(address);
    events.addEventListener("bubble", (event) => showBubble(event.data));
    events.addEventListener("piece", (event) => showPiece(event.data));
    events.addEventListener("reload", () => location.reload());
    addEventListener("pagehide", () => events.close());
    addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  };

  // --- what people do ---

  const forget = (form) => {
    form.reset();
    form.elements.reply.value = form.elements.edit.value = "";
    form.elements.text.value = "";
    form.querySelector(".about").hidden = true;
    form.querySelector(".attach")?.removeAttribute("open");
  };

  const post = async (form, said) => {
    form.setAttribute("aria-busy", "true");
    complain(form.dataset.busy || "");
    try {
      const answer = await fetch(form.action, { method: "POST", body: said, headers: { Accept: "text/plain" } });
      complain(answer.ok ? "" : await answer.text());
      return answer.ok;
    } catch {
      complain(stage.dataset.lost);
      return false;
    } finally {
      form.removeAttribute("aria-busy");
    }
  };

  const giveBack = (form, said) => {
    if (form.elements.text.value) return;
    for (const name of ["text", "reply", "edit"]) form.elements[name].value = said.get(name);
    Object.assign(form.dataset, { given: said.get("text"), key: said.get("key") });
  };

  // The server may have had what it did not answer: the same words, sent again, are the same message.
  const keyOf = (form, said) =>
    form.dataset.key && form.dataset.given === said.get("text") ? form.dataset.key : crypto.randomUUID();

  // Who writes faster than the server answers neither waits nor loses a word: one after another, in their order.
  let sent = Promise.resolve();
  const send = (form, button) => {
    const said = new FormData(form, button);
    const isWritten = form.matches(".write");
    if (isWritten) {
      said.set("key", keyOf(form, said));
      delete form.dataset.key;
      forget(form);
    }
    sent = sent.then(async () => {
      if (!(await post(form, said)) && isWritten) giveBack(form, said);
    });
  };

  stage.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-live], [data-busy]")) return;
    event.preventDefault();
    form.closest(".menu")?.removeAttribute("open");
    send(form, event.submitter);
    if (form.matches(".hints, .menu-body")) form.closest(".chat").querySelector(".scroll").focus({ preventScroll: true });
  });

  stage.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !field.matches("textarea")) return;
    event.preventDefault();
    field.form.requestSubmit(field.form.querySelector(".send"));
  });

  const answer = (link, name, text) => {
    const form = link.closest(".chat").querySelector(".write");
    forget(form);
    form.elements[name].value = link.dataset[name];
    form.elements.text.value = text;
    form.querySelector(".about-text").textContent = link.dataset.about;
    form.querySelector(".about").hidden = false;
    form.elements.text.focus();
  };

  // Where there are more people than fit, their names scroll.
  const bringIntoSight = () => stage.querySelectorAll(".people [aria-current]").forEach((link) => {
    link.scrollIntoView({ block: "nearest", inline: "nearest" });
  });

  const showPerson = (link) => {
    const column = link.closest(".column");
    column.querySelectorAll(".chat").forEach((chat) => { chat.hidden = chat.id !== `chat-${link.dataset.person}`; });
    mark(link, column.id.slice("column-".length), link.dataset.person);
  };

  const showColumn = (link) => {
    stage.dataset.view = link.dataset.show;
    mark(link, "view", link.dataset.show);
  };

  const mark = (link, name, value) => {
    link.parentElement.querySelector("[aria-current]")?.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    bringIntoSight();
    count(link, 0);
    const address = new URL(location.href);
    address.searchParams.set(name, value);
    history.replaceState(null, "", address);
  };

  stage.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.matches("[data-reply]")) answer(link, "reply", link.closest(".chat").querySelector("textarea").value);
    else if (link.matches("[data-edit]")) answer(link, "edit", link.closest(".bubble").querySelector(".text").textContent);
    else if (link.matches(".about-end")) forget(link.closest("form"));
    else if (link.matches("[data-person]")) showPerson(link);
    else if (link.matches("[data-show]")) showColumn(link);
    else return;
    event.preventDefault();
  });

  bringIntoSight();
  listen();
})();
