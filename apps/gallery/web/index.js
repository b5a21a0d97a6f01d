"use strict";
(() => {
  const page = window.fitPage, e = page.element.bind(page);
  const rows = JSON.parse(document.getElementById("data").textContent).rows;
  // More rows than this at a time only make an old laptop slow; searching looks at all.
  const most = 500;
  const state = {sort: null, down: false, search: "", status: "", printer: "", shown: most};
  const volume = (row) => row.limb_volume_mm3 == null ? null : row.limb_volume_mm3 / 1000;
  const found = (row) => row.problem ?? [row.forbidding, row.warnings].filter(Boolean).join(" ");
  const status = (row) => row.status === "not finished" ? "unfinished" : row.status;
  const columns = [
    {key: "picture", cell: (row) => status(row) === "printable" || status(row) === "forbidden"
        ? e("img", {src: folder(row) + "/thumbnail.png", width: 64, height: 80, loading: "lazy", alt: ""}) : ""},
    {key: "case", value: (row) => row.id, cell: (row) => status(row) === "failed" || status(row) === "unfinished"
        ? e("b", {}, row.id) : e("a", {href: folder(row) + "/view.html#lang=" + page.language}, row.id)},
    {key: "status", value: status, cell: (row) => e("span", {class: "badge " + status(row)}, page.text(status(row)))},
    {key: "found", value: found, cell: (row) => e("span", {dir: "ltr", lang: "en", class: "found"}, found(row))},
    {key: "side", value: (row) => row.side, cell: (row) => row.side ? page.text(row.side) : ""},
    {key: "limb_volume", number: true, value: volume, cell: (row) => volume(row) == null ? "" : page.number(volume(row), 0)},
    {key: "change", number: true, value: (row) => row.rectification_volume_percent,
     cell: (row) => row.rectification_volume_percent == null ? "" : page.percent(row.rectification_volume_percent)},
    {key: "wall", number: true, value: (row) => row.wall_thinnest_mm,
     cell: (row) => row.wall_thinnest_mm == null ? "" : page.number(row.wall_thinnest_mm)},
    {key: "plastic", number: true, value: (row) => row.filament_g ?? row.plastic_g,
     cell: (row) => (row.filament_g ?? row.plastic_g) == null ? "" : page.number(row.filament_g ?? row.plastic_g, 0)},
    {key: "printer", value: (row) => row.printer, cell: (row) => row.printer ?? ""},
    {key: "time", number: true, value: (row) => row.print_time_s,
     cell: (row) => row.print_time_s == null ? "" : page.duration(row.print_time_s)},
    {key: "report", cell: (row) => row.repro
        ? e("a", {href: folder(row) + "/repro.zip"}, page.text("repro"))
        : status(row) === "failed" || status(row) === "unfinished" ? "" : e("a", {href: folder(row) + "/report.html"}, page.text("report"))}
  ];
  const folder = (row) => "cases/" + encodeURIComponent(row.id);

  function chosen() {
    const words = state.search.toLowerCase().split(/\s+/).filter(Boolean);
    const list = rows.filter((row) => (!state.status || status(row) === state.status) &&
        (!state.printer || row.printer === state.printer) &&
        words.every((word) => JSON.stringify(Object.values(row)).toLowerCase().includes(word)));
    if (!state.sort) return list;
    const value = columns.find((column) => column.key === state.sort).value;
    const order = (a, b) => typeof a === "number" ? a - b : String(a).localeCompare(String(b), "en", {numeric: true});
    return list.map((row) => [value(row), row]).sort(([a], [b]) =>
        (a == null) - (b == null) || (a == null ? 0 : (state.down ? -1 : 1) * order(a, b))).map(([, row]) => row);
  }

  function body() {
    const list = chosen();
    const table = document.getElementById("rows");
    table.replaceChildren(...list.slice(0, state.shown).map((row) => e("tr", {"data-id": row.id},
        ...columns.map((column) => e("td", column.number ? {class: "number"} : {}, column.cell(row))))));
    document.getElementById("count").textContent = page.text("shown", {shown: Math.min(list.length, state.shown), all: rows.length});
    document.getElementById("more").hidden = list.length <= state.shown;
    for (const head of document.querySelectorAll("th[data-key]"))
      head.setAttribute("aria-sort", head.dataset.key !== state.sort ? "none" : state.down ? "descending" : "ascending");
  }

  function chooser(id, values, words) {
    return e("select", {id, "aria-label": page.text(id), onchange: (event) => { state[id] = event.target.value; body(); }},
        e("option", {value: ""}, page.text(id) + ": " + page.text("all")),
        ...values.map((value) => e("option", {value, selected: state[id] === value}, words(value))));
  }

  page.start(() => {
    const count = (name) => rows.filter((row) => status(row) === name).length;
    const head = columns.map((column) => e("th", column.value ? {"data-key": column.key, tabindex: 0, scope: "col",
        onclick: () => { state.down = state.sort === column.key && !state.down; state.sort = column.key; body(); },
        onkeydown: (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); event.target.click(); } }
      } : {scope: "col"}, page.text(column.key)));
    document.title = page.text("batch");
    document.getElementById("index").replaceChildren(
        e("header", {}, e("h1", {}, page.text("batch")), page.languages()),
        e("p", {class: "totals"}, ...["printable", "forbidden", "failed", "unfinished"].filter(count).map((name) =>
            e("span", {class: "badge " + name}, count(name) + " " + page.text(name)))),
        e("div", {class: "filters"},
            e("input", {id: "search", type: "search", placeholder: page.text("search"), "aria-label": page.text("search"),
              value: state.search, oninput: (event) => { state.search = event.target.value; state.shown = most; body(); }}),
            chooser("status", ["printable", "forbidden", "failed", "unfinished"].filter(count), (name) => page.text(name)),
            chooser("printer", [...new Set(rows.map((row) => row.printer).filter(Boolean))].sort(), (name) => name),
            e("span", {id: "count"})),
        e("table", {}, e("thead", {}, e("tr", {}, ...head)), e("tbody", {id: "rows"})),
        e("button", {id: "more", onclick: () => { state.shown += most; body(); }}, "+" + most));
    body();
  });
})();
