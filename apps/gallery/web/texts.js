"use strict";
// All words of the pages. A page in another language is another table here; what is missing is shown in English.
window.fitTexts = {
  en: {
    language: "English", direction: "ltr", batch: "Cases", search: "Search", all: "all",
    printable: "printable", forbidden: "not printable", failed: "failed", unfinished: "not finished",
    case: "Case", picture: "Picture", status: "Status", found: "Found", side: "Side", limb_volume: "Limb, ml",
    change: "Volume changed by rectification", wall: "Thinnest wall, mm", plastic: "Plastic, g", time: "Print time",
    filament: "Filament, g", printer: "Printer", left: "left", right: "right", report: "Report", repro: "repro.zip",
    shown: "{shown} of {all} cases shown", smaller: "{n} % smaller", larger: "{n} % larger", same: "unchanged",
    back: "All cases", limb: "Limb", positive: "Positive", socket: "Socket", change_map: "Change map",
    wall_map: "Wall map", layers: "Layers", section: "Section", section_off: "no section", across: "across",
    frontal: "front to back", sagittal: "side to side", views: "Views", anterior: "Anterior", posterior: "Posterior",
    medial: "Medial", lateral: "Lateral", above: "From above", below: "From below", findings: "Findings",
    nothing_found: "Nothing was found.", measures: "Girth before and after", height: "Height, mm",
    girth_limb: "Limb, mm", girth_positive: "Positive, mm", difference: "Change over the liner",
    no_webgl: "This browser shows no 3D (WebGL), so here are pictures.",
    no_viewer: "This copy of Fit was built without three.js, so here are pictures.",
    pressed_in: "pressed in", built_up: "built up", thin: "thin", thick: "thick", turn: "Drag to turn, wheel to zoom.",
    see_through: "See through", forbid: "Forbids printing", warn: "Warning", note: "Note", hours: "{h} h {m} min",
    minutes: "{m} min", transtibial: "transtibial", transfemoral: "transfemoral"
  },
  ar: {
    language: "العربية", direction: "rtl", batch: "الحالات", search: "بحث", all: "الكل",
    printable: "قابل للطباعة", forbidden: "غير قابل للطباعة", failed: "فشل", unfinished: "غير مكتمل",
    case: "الحالة", picture: "صورة", status: "الوضع", found: "الملاحظات", side: "الجانب", limb_volume: "الطرف، مل",
    change: "تغير الحجم بالتعديل", wall: "أرق جدار، مم", plastic: "البلاستيك، غ", time: "مدة الطباعة",
    filament: "الخيط، غ", printer: "الطابعة", left: "أيسر", right: "أيمن", report: "التقرير", repro: "repro.zip",
    shown: "معروض {shown} من {all} حالة", smaller: "أصغر بنسبة {n} %", larger: "أكبر بنسبة {n} %", same: "بلا تغيير",
    back: "كل الحالات", limb: "الطرف", positive: "القالب الموجب", socket: "التجويف", change_map: "خريطة التغيير",
    wall_map: "خريطة الجدار", layers: "الطبقات", section: "مقطع", section_off: "بلا مقطع", across: "عرضي",
    frontal: "من الأمام إلى الخلف", sagittal: "من جانب إلى جانب", views: "المناظر", anterior: "أمامي", posterior: "خلفي",
    medial: "إنسي", lateral: "وحشي", above: "من الأعلى", below: "من الأسفل", findings: "الملاحظات",
    nothing_found: "لا ملاحظات.", measures: "المحيط قبل وبعد", height: "الارتفاع، مم",
    girth_limb: "الطرف، مم", girth_positive: "القالب الموجب، مم", difference: "التغير فوق البطانة",
    no_webgl: "هذا المتصفح لا يعرض ثلاثي الأبعاد (WebGL)، لذلك هذه صور.",
    no_viewer: "بُنيت هذه النسخة من Fit بدون three.js، لذلك هذه صور.",
    pressed_in: "مضغوط", built_up: "مضاف", thin: "رقيق", thick: "سميك", turn: "اسحب للتدوير، والعجلة للتكبير.",
    see_through: "شفاف", forbid: "يمنع الطباعة", warn: "تحذير", note: "ملاحظة", hours: "{h} س {m} د",
    minutes: "{m} د", transtibial: "تحت الركبة", transfemoral: "فوق الركبة"
  }
};

window.fitPage = {
  language: "en",
  text(key, holes = {}) {
    const words = window.fitTexts[this.language][key] ?? window.fitTexts.en[key] ?? key;
    return words.replace(/\{(\w+)\}/g, (all, name) => holes[name] ?? all);
  },
  number(value, digits = 1) {
    return new Intl.NumberFormat("en", {maximumFractionDigits: digits, useGrouping: false}).format(value);
  },
  // A bare sign moves about in text that runs from right to left: words say which way.
  percent(value) {
    const n = this.number(Math.abs(value));
    return n === "0" ? this.text("same") : this.text(value < 0 ? "smaller" : "larger", {n});
  },
  duration(seconds) {
    const minutes = Math.round(seconds / 60);
    return minutes < 60 ? this.text("minutes", {m: minutes})
                        : this.text("hours", {h: Math.floor(minutes / 60), m: String(minutes % 60).padStart(2, "0")});
  },
  element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value !== false && value != null) made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children.filter((child) => child != null));
    return made;
  },
  // Calls `draw` now and whenever a language is chosen; the choice stands in the address, so links carry it.
  start(draw) {
    const show = () => {
      const asked = new URLSearchParams(location.hash.slice(1)).get("lang");
      this.language = asked in window.fitTexts ? asked : "en";
      document.documentElement.lang = this.language;
      document.documentElement.dir = this.text("direction");
      draw();
    };
    addEventListener("hashchange", show);
    show();
  },
  languages() {
    const bar = this.element("nav", {class: "languages"});
    for (const [code, texts] of Object.entries(window.fitTexts))
      bar.append(this.element("a", {href: "#lang=" + code, lang: code, class: code === this.language ? "chosen" : ""}, texts.language));
    return bar;
  }
};
