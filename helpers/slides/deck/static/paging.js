/* Lays the cells of a deck out on slides, as words are laid out on pages: block after block, and a
   new slide where the next block does not fit. A block larger than a slide is made a little
   smaller, or goes on on the next slide. Then reveal.js takes over. */
(function () {
  const HEIGHT = 720 - 36 - 44, WIDTH = 1280 - 2 * 56;
  const LEGIBLE = 0.7, SMALLEST = 0.3; /* zoom: of text that could be divided, and of anything */
  const slides = document.querySelector(".slides");

  const make = (tag, name) => Object.assign(document.createElement(tag), { className: name });
  const flowOf = (page) => page.firstElementChild;
  const narrow = (page) => flowOf(page).scrollWidth <= WIDTH + 1;
  const fits = (page) => flowOf(page).offsetHeight <= HEIGHT && narrow(page);
  const leads = (block) => /^H[1-6]$/.test(block.tagName) || block.dataset.keep;

  /* The blocks of a cell: each paragraph, list, table, heading, code, output. */
  function blocksOf(cell) {
    cell.querySelectorAll("script, style").forEach((element) => element.remove());
    if (cell.dataset.slide === "notes") {
      const notes = make("aside", "notes");
      notes.append(...cell.childNodes);
      return [notes];
    }
    const blocks = [...cell.children].flatMap((child) => {
      const parts = child.querySelectorAll(".question, .answers");
      return parts.length ? [...parts] : [child];
    });
    /* What says why stays with what it speaks of. */
    const shown = blocks.filter((block) => !block.matches("aside"));
    if (cell.matches(".markdown") && shown.length && cell.nextElementSibling?.matches(".code"))
      shown.at(-1).dataset.keep = "true";
    return blocks;
  }

  function newPage(stack) {
    const page = make("section", "page");
    page.append(make("div", "flow"));
    stack.append(page);
    return page;
  }

  /* Makes a block smaller until `done`, no smaller than `smallest`. Returns whether it is done. */
  function shrunk(block, smallest, done) {
    const before = block.style.zoom;
    for (let zoom = Number(before || 1); zoom >= smallest; zoom -= 0.04) {
      block.style.zoom = zoom;
      if (done()) return true;
    }
    block.style.zoom = before;
    return false;
  }

  /* The elements that a block can be divided between: items, rows or lines. */
  function piecesOf(block) {
    const whole = block.matches("ul, ol") ? block : block.querySelector("tbody, pre, ul, ol");
    if (!whole || block.querySelector("img, svg")) return [];
    if (whole.matches("pre") && !whole.querySelector(".line")) {
      const nodes = [...(whole.querySelector("code") ?? whole).childNodes];
      if (nodes.some((node) => node.nodeType === 1 && node.textContent.includes("\n"))) return [];
      const lines = [make("span", "line")];
      for (const node of nodes) {
        const [first, ...further] = node.textContent.split("\n");
        lines.at(-1).append(node.nodeType === 1 ? node : first);
        for (const text of further) {
          lines.push(make("span", "line"));
          lines.at(-1).append(text);
        }
      }
      if (!lines.at(-1).textContent) lines.pop();
      whole.replaceChildren(...lines);
    }
    return [...whole.children];
  }

  /* Leaves on the page what fits of a block and returns the rest; null where that cannot be. */
  function divided(page, block) {
    const pieces = piecesOf(block);
    const rest = block.cloneNode(true);
    const further = piecesOf(rest);
    let kept = pieces.length;
    while (kept > 1 && !fits(page)) pieces[--kept].remove();
    if (kept < 2 || !fits(page)) {
      pieces[0]?.parentElement.append(...pieces);
      return null;
    }
    further.slice(0, kept).forEach((piece) => piece.remove());
    if (rest.matches("ol")) rest.start = block.start + kept;
    return rest;
  }

  /* Headings, and sentences that lead to the next block, do not stay behind alone. */
  function leaders(flow) {
    const moved = [];
    for (let last = flow.lastElementChild; last && leads(last); last = last.previousElementSibling)
      moved.unshift(last);
    return moved.length < flow.childElementCount ? moved : [];
  }

  /* Puts a block on the page, or on a new one. Returns the page where the next may go on. */
  function place(stack, page, block) {
    flowOf(page).append(block);
    if (fits(page) || (block.querySelector("img") && shrunk(block, 0.6, () => fits(page))))
      return page;
    if (![...flowOf(page).children].slice(0, -1).every(leads)) {
      block.remove();
      const moved = leaders(flowOf(page));
      page = newPage(stack);
      flowOf(page).append(...moved, block);
    }
    if (fits(page) || shrunk(block, LEGIBLE, () => fits(page))) return page;
    shrunk(block, SMALLEST, () => narrow(page));
    const rest = divided(page, block);
    if (rest) return place(stack, newPage(stack), rest);
    if (!shrunk(block, SMALLEST, () => fits(page))) {
      block.classList.add("scrolled");
      block.style.maxHeight = `${HEIGHT - (flowOf(page).offsetHeight - block.offsetHeight)}px`;
    }
    return page;
  }

  function lay() {
    let stack = null, page = null;
    for (const cell of [...slides.children]) {
      if (cell.dataset.slide === "slide" || !stack) {
        stack = make("section", "stack");
        slides.insertBefore(stack, cell);
        page = newPage(stack);
      } else if (cell.dataset.slide === "subslide") page = newPage(stack);
      for (const block of blocksOf(cell)) {
        if (block.matches("aside.notes")) {
          page.append(block);
          continue;
        }
        if (block.matches(".question, .answers") && flowOf(page).querySelector(".question, .answers"))
          page = newPage(stack);
        page = place(stack, page, block);
      }
      cell.remove();
    }
    for (const page of slides.querySelectorAll("section.page")) {
      if (!flowOf(page).childElementCount) page.remove();
      else if (flowOf(page).querySelector("h1")) page.classList.add("title");
    }
  }

  window.addEventListener("load", function () {
    const reveal = document.querySelector(".reveal");
    reveal.classList.add("laying");
    lay();
    reveal.classList.remove("laying");
    Reveal.initialize({
      width: 1280, height: 720, margin: 0, center: false, hash: true, transition: "none",
      slideNumber: "c/t", controls: true, plugins: [RevealNotes],
    });
  });
})();
