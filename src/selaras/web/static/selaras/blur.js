/* Boxes over a photo by mouse, finger and keyboard. What is sent are the numbers of the rows: without this file they
   are typed. */
"use strict";

(() => {
  const form = document.querySelector("form[data-blur]");
  if (!form) return;
  const canvas = form.querySelector("svg");
  const layer = canvas.querySelector("[data-boxes]");
  const table = form.querySelector("[data-rows]");
  const said = form.querySelector("[data-said]");
  const wide = Number(canvas.dataset.width);
  const high = Number(canvas.dataset.height);
  const least = 8;
  const names = ["kiri", "atas", "lebar", "tinggi"];
  const spare = table.rows[0].cloneNode(true);
  let boxes = [];
  let chosen = -1;
  let drawing = null;

  const say = (words, n) => {
    said.textContent = words.replace("{n}", n);
  };

  const inside = (box) => {
    const width = Math.min(Math.max(box[2], least), wide);
    const height = Math.min(Math.max(box[3], least), high);
    return [Math.min(Math.max(box[0], 0), wide - width), Math.min(Math.max(box[1], 0), high - height), width, height].map(Math.round);
  };

  const read = () => {
    boxes = [...table.rows]
      .map((row) => names.map((name) => row.querySelector(`[name=${name}]`).value.trim()))
      .filter((texts) => texts.every((text) => /^\d{1,5}$/.test(text)))
      .map((texts) => texts.map(Number));
  };

  const write = () => {
    while (table.rows.length < boxes.length + 1) table.append(spare.cloneNode(true));
    [...table.rows].forEach((row, place) => {
      row.querySelector("th").textContent = place + 1;
      names.forEach((name, part) => {
        const field = row.querySelector(`[name=${name}]`);
        field.value = place < boxes.length ? boxes[place][part] : "";
        field.setAttribute("aria-label", `${form.dataset.box.replace("{n}", place + 1)}, ${name}`);
      });
    });
  };

  const draw = (focus) => {
    layer.replaceChildren(
      ...boxes.map((box, place) => {
        const group = document.createElementNS("http://www.w3.org/2000/svg", "g");
        const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
        ["x", "y", "width", "height"].forEach((name, part) => rect.setAttribute(name, box[part]));
        group.setAttribute("class", place === chosen ? "blur-box chosen" : "blur-box");
        group.setAttribute("tabindex", "0");
        group.setAttribute("role", "button");
        group.setAttribute("aria-pressed", place === chosen);
        group.setAttribute("aria-label", `${form.dataset.box.replace("{n}", place + 1)}: ${box.join(", ")}`);
        group.append(rect);
        group.addEventListener("focus", () => choose(place));
        return group;
      }),
    );
    if (focus && layer.children[chosen]) layer.children[chosen].focus();
  };

  const choose = (place) => {
    if (place === chosen) return;
    chosen = place;
    [...layer.children].forEach((group, n) => {
      group.classList.toggle("chosen", n === chosen);
      group.setAttribute("aria-pressed", n === chosen);
    });
  };

  const change = (box) => {
    boxes[chosen] = inside(box);
    write();
    draw(true);
  };

  const add = (box) => {
    boxes.push(inside(box));
    chosen = boxes.length - 1;
    write();
    draw(true);
    say(said.dataset.added, boxes.length);
  };

  const drop = () => {
    if (chosen < 0 || chosen >= boxes.length) return;
    boxes.splice(chosen, 1);
    chosen = Math.min(chosen, boxes.length - 1);
    write();
    draw(true);
    say(said.dataset.dropped, boxes.length);
  };

  const resize = (share) => {
    if (chosen < 0) return;
    const [left, top, width, height] = boxes[chosen];
    change([left - (width * share) / 2, top - (height * share) / 2, width * (1 + share), height * (1 + share)]);
  };

  /* A box of a head's size in the middle, or where she tapped. */
  const usual = (x = wide / 2, y = high / 2) => {
    const side = Math.min(wide, high) * 0.16;
    return [x - side / 2, y - side / 2, side, side * 1.2];
  };

  const point = (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(canvas.getScreenCTM().inverse());
    return [at.x, at.y];
  };

  const over = (event) => [...layer.children].indexOf(event.target.closest(".blur-box"));

  canvas.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch" || event.button !== 0) return;
    event.preventDefault();
    const place = over(event);
    const from = point(event);
    drawing = place < 0 ? { from, moved: false } : { from, moved: false, place, box: boxes[place] };
    if (place >= 0) layer.children[place].focus();
    canvas.setPointerCapture(event.pointerId);
  });

  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    const [x, y] = point(event);
    const [left, top] = drawing.from;
    if (!drawing.moved && Math.hypot(x - left, y - top) < 6) return;
    if (drawing.place === undefined && !drawing.moved) {
      drawing.place = boxes.push([left, top, 0, 0]) - 1;
      drawing.drawn = true;
    }
    drawing.moved = true;
    chosen = drawing.place;
    const box = drawing.box;
    boxes[chosen] = inside(
      drawing.drawn ? [Math.min(left, x), Math.min(top, y), Math.abs(x - left), Math.abs(y - top)] : [box[0] + x - left, box[1] + y - top, box[2], box[3]],
    );
    draw(false);
  });

  const done = () => {
    const was = drawing;
    drawing = null;
    if (!was || !was.moved) return was;
    write();
    draw(true);
    if (was.drawn) say(said.dataset.added, boxes.length);
    return null;
  };

  canvas.addEventListener("pointerup", (event) => {
    const was = done();
    if (was && was.place === undefined) add(usual(...point(event)));
  });
  canvas.addEventListener("pointercancel", done);

  canvas.addEventListener("click", (event) => {
    if (event.pointerType !== "touch") return;
    const place = over(event);
    if (place >= 0) layer.children[place].focus();
    else add(usual(...point(event)));
  });

  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || chosen < 0 || !event.target.closest(".blur-box")) return;
    const step = Math.max(4, Math.round(Math.min(wide, high) / 100));
    const way = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    const [left, top, width, height] = boxes[chosen];
    if (way) change(event.shiftKey ? [left, top, width + way[0], height + way[1]] : [left + way[0], top + way[1], width, height]);
    else if (event.key === "Delete" || event.key === "Backspace") drop();
    else if (event.key === "+") add(usual());
    else return;
    event.preventDefault();
  });

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (!button) return;
    if (button.dataset.do === "add") add(usual());
    if (button.dataset.do === "more") resize(0.15);
    if (button.dataset.do === "less") resize(-0.15);
    if (button.dataset.do === "drop") drop();
  });

  table.addEventListener("input", () => {
    read();
    draw(false);
  });

  form.querySelectorAll("[data-tools]").forEach((tools) => {
    tools.hidden = false;
  });
  read();
  write();
  draw(false);
})();
