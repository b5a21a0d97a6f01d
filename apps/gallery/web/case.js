"use strict";
(() => {
  const page = window.fitPage, e = page.element.bind(page);
  const data = JSON.parse(document.getElementById("data").textContent);
  const layer = (name) => data.layers.find((one) => one.name === name);
  const maps = {change_map: "positive", wall_map: "socket"};
  const choices = ["limb", "positive", "change_map", "socket", "wall_map"].filter((name) => layer(maps[name] ?? name) &&
      (!maps[name] || layer(maps[name]).values));
  const lateral = data.side === "left" ? -1 : 1;
  const views = {anterior: [0, 1, 0.02], posterior: [0, -1, 0.02], medial: [-lateral, 0, 0.02], lateral: [lateral, 0, 0.02],
                 above: [0, 0.02, 1], below: [0, 0.02, -1]};
  const state = {shown: new Set([choices.includes("change_map") ? "change_map" : choices[0]]), through: false, axis: "", at: 0.5};
  let viewer = null;

  function legend() {
    const name = [...state.shown].find((one) => maps[one]);
    if (!name) return "";
    const {lowest, highest, stops} = layer(maps[name]).scale;
    const [low, high] = name === "wall_map" ? ["thin", "thick"] : ["pressed_in", "built_up"];
    const tick = (value) => page.number(name === "wall_map" ? value : Math.abs(value));
    return e("div", {class: "legend", dir: "ltr"}, e("span", {}, page.text(low)), e("span", {}, tick(lowest)),
        e("i", {style: "background:linear-gradient(to right," + stops.join(",") + ")"}),
        e("span", {}, tick(highest) + " mm"), e("span", {}, page.text(high)));
  }

  function refresh() {
    if (viewer) viewer.show(state);
    document.getElementById("legend").replaceChildren(legend());
    const slider = document.getElementById("section-at");
    if (slider) slider.disabled = !state.axis;
  }

  function controls() {
    return e("div", {class: "controls"},
        e("fieldset", {id: "layers"}, e("legend", {}, page.text("layers")),
            ...choices.map((name) => e("label", {}, e("input", {type: "checkbox", name, checked: state.shown.has(name),
              onchange: (event) => { event.target.checked ? state.shown.add(name) : state.shown.delete(name); refresh(); }}),
              page.text(name))),
            e("label", {}, e("input", {type: "checkbox", name: "through", checked: state.through,
              onchange: (event) => { state.through = event.target.checked; refresh(); }}), page.text("see_through"))),
        e("fieldset", {}, e("legend", {}, page.text("section")),
            e("select", {id: "section-axis", "aria-label": page.text("section"), onchange: (event) => { state.axis = event.target.value; refresh(); }},
                ...[["", "section_off"], ["z", "across"], ["y", "frontal"], ["x", "sagittal"]].map(([value, key]) =>
                    e("option", {value, selected: state.axis === value}, page.text(key)))),
            e("input", {id: "section-at", type: "range", min: 0, max: 1, step: 0.005, value: state.at, "aria-label": page.text("section"),
              oninput: (event) => { state.at = Number(event.target.value); refresh(); }})),
        e("fieldset", {id: "views"}, e("legend", {}, page.text("views")),
            ...Object.entries(views).map(([name, toward]) =>
                e("button", {name, onclick: () => viewer && viewer.look(toward)}, page.text(name)))));
  }

  function findings() {
    if (!data.findings.length) return e("p", {}, page.text("nothing_found"));
    return e("ul", {class: "findings"}, ...data.findings.map((one) => e("li", {class: one.severity},
        e("b", {}, page.text(one.severity)), " ",
        e("span", {dir: "ltr", lang: "en"}, one.sentence + (one.remedy ? " " + one.remedy : "")))));
  }

  function measures() {
    if (!data.measures.length) return null;
    return e("section", {}, e("h2", {}, page.text("measures")), e("table", {id: "measures"},
        e("thead", {}, e("tr", {}, ...["height", "girth_limb", "girth_positive", "difference"].map((key) => e("th", {scope: "col"}, page.text(key))))),
        e("tbody", {}, ...data.measures.map(([height, limb, positive, change]) => e("tr", {},
            e("td", {class: "number"}, page.number(height, 0)), e("td", {class: "number"}, page.number(limb)),
            e("td", {class: "number"}, page.number(positive)), e("td", {class: "number"}, page.percent(change)))))));
  }

  function pictures(key) {
    const section = document.getElementById("pictures");
    for (const caption of section.querySelectorAll("[data-text]")) caption.textContent = page.text(caption.dataset.text);
    section.hidden = false;
    return [e("p", {id: "no3d"}, page.text(key)), section];
  }

  const canvas = e("div", {id: "stage", dir: "ltr"});
  page.start(() => {
    document.title = data.id;
    let problem = null;
    if (!viewer) {
      try {
        viewer = window.FitViewer ? new window.FitViewer(canvas, data.layers) : null;
        if (!viewer) problem = "no_viewer";
      } catch (error) {
        problem = "no_webgl";
      }
    }
    document.getElementById("case").replaceChildren(
        e("header", {}, e("h1", {}, data.id), e("span", {class: "badge " + (data.printable ? "printable" : "forbidden")},
            page.text(data.printable ? "printable" : "forbidden")),
            e("span", {}, [data.side, data.level].filter(Boolean).map((key) => page.text(key)).join(" · ")),
            e("nav", {}, e("a", {href: "../../index.html#lang=" + page.language, id: "back"}, page.text("back")), " ",
                e("a", {href: "report.html"}, page.text("report"))), page.languages()),
        ...(problem ? pictures(problem) : [canvas, e("p", {class: "hint"}, page.text("turn"))]),
        e("div", {id: "legend"}), ...(problem ? [] : [controls()]),
        e("section", {}, e("h2", {}, page.text("findings")), findings()), measures() ?? "");
    refresh();
    if (viewer) viewer.resize();
  });
})();
