#!/usr/bin/env python3
"""Opens a batch's pages in a headless Chromium and uses them as a person does, with clicks and drags of the mouse.

    click_pages.py OUT CASE [--pictures DIR]

OUT/index.html is to have at least one printable case, CASE, and one that failed. Exit code 77: no Chromium here.
"""
import argparse, base64, json, os, pathlib, select, shutil, subprocess, sys, tempfile, time

parser = argparse.ArgumentParser()
parser.add_argument("out", type=pathlib.Path)
parser.add_argument("case")
parser.add_argument("--pictures", type=pathlib.Path)
said = parser.parse_args()
program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if not program:
    print("no Chromium is installed")
    sys.exit(77)


class Browser:
    """Speaks the DevTools protocol over two pipes: messages of JSON, each with a zero behind it."""

    def __init__(self, *options):
        self.profile = tempfile.mkdtemp(prefix="fit_browser_")
        to_browser, from_browser = os.pipe(), os.pipe()

        def at_3_and_4():
            os.dup2(to_browser[0], 13), os.dup2(from_browser[1], 14)
            os.dup2(13, 3), os.dup2(14, 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--remote-debugging-pipe", "--user-data-dir=" + self.profile,
             "--no-first-run", "--window-size=1280,1000", *options],
            preexec_fn=at_3_and_4, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser[0]), os.close(from_browser[1])
        self.write_end, self.read_end = to_browser[1], from_browser[0]
        self.number, self.rest, self.requests, self.complaints = 0, b"", [], []
        self.session = None
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network"):
            self.ask(domain + ".enable")

    def message(self, timeout_s=60):
        while b"\0" not in self.rest:
            if not select.select([self.read_end], [], [], timeout_s)[0]:
                raise TimeoutError("the browser does not answer")
            piece = os.read(self.read_end, 1 << 20)
            if not piece:
                raise EOFError("the browser is gone")
            self.rest += piece
        text, self.rest = self.rest.split(b"\0", 1)
        return json.loads(text)

    def ask(self, method, **params):
        self.number += 1
        asked = {"id": self.number, "method": method, "params": params}
        if self.session:
            asked["sessionId"] = self.session
        os.write(self.write_end, json.dumps(asked).encode() + b"\0")
        while True:
            answer = self.message()
            if answer.get("method") == "Network.requestWillBeSent":
                self.requests.append(answer["params"]["request"]["url"])
            if answer.get("method") == "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(answer["params"]))
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(method + ": " + str(answer["error"]))
                return answer["result"]

    def value(self, expression):
        return self.ask("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def wait_for(self, expression, timeout_s=60):
        end = time.monotonic() + timeout_s
        while not self.value(expression):
            if time.monotonic() > end:
                raise TimeoutError(f"never true: {expression}")
            time.sleep(0.05)

    def open(self, path, fragment=""):
        self.ask("Page.navigate", url=path.resolve().as_uri() + fragment)
        self.wait_for("document.readyState === 'complete' && document.querySelector('main').children.length > 0")

    def middle_of(self, selector):
        self.value(f"document.querySelector({selector!r}).scrollIntoView({{block: 'center'}})")
        box = self.value(f"(() => {{ const b = document.querySelector({selector!r}).getBoundingClientRect();"
                         " return [b.x + b.width / 2, b.y + b.height / 2]; })()")
        return box

    def mouse(self, kind, x, y, **more):
        self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def click(self, selector):
        x, y = self.middle_of(selector)
        self.mouse("mousePressed", x, y, button="left", clickCount=1)
        self.mouse("mouseReleased", x, y, button="left", clickCount=1)

    def drag(self, selector, dx, dy):
        x, y = self.middle_of(selector)
        self.mouse("mousePressed", x, y, button="left", buttons=1, clickCount=1)
        for k in range(1, 6):
            self.mouse("mouseMoved", x + dx * k / 5, y + dy * k / 5, button="left", buttons=1)
        self.mouse("mouseReleased", x + dx, y + dy, button="left", clickCount=1)

    def type(self, selector, text):
        self.click(selector)
        self.ask("Input.insertText", text=text)

    def picture(self, name):
        shot = base64.b64decode(self.ask("Page.captureScreenshot", captureBeyondViewport=False)["data"])
        if said.pictures:
            said.pictures.mkdir(exist_ok=True)
            (said.pictures / (name + ".png")).write_bytes(shot)
        return shot

    def close(self):
        try:
            self.ask("Browser.close")
        except (RuntimeError, EOFError, OSError):
            pass
        self.process.wait(20)
        shutil.rmtree(self.profile, ignore_errors=True)


def check(what, holds):
    if not holds:
        sys.exit("not so: " + what)
    print("so: " + what)


def rows(browser):
    return browser.value("[...document.querySelectorAll('#rows tr')].map((row) => row.dataset.id)")


def use_the_table(browser):
    browser.open(said.out / "index.html")
    every = rows(browser)
    check("the table has a row a case", len(every) >= 2 and said.case in every)
    check("a printable case has its picture", browser.value(
        "(async () => { const i = document.querySelector('#rows img'); await i.decode(); return true; })()") is not False)
    browser.click("th[data-key=case]")
    up = rows(browser)
    browser.click("th[data-key=case]")
    check("a click on a column sorts, a second one turns it round", rows(browser) == up[::-1] and sorted(up) == up)
    browser.type("#search", said.case)
    check("a search leaves what it names", said.case in rows(browser) and len(rows(browser)) < len(every))
    browser.value("(() => { const s = document.querySelector('#search'); s.value = ''; s.dispatchEvent(new Event('input')); })()")
    browser.value("(() => { const s = document.querySelector('#status'); s.value = 'failed'; s.dispatchEvent(new Event('change')); })()")
    check("the filter of the status leaves those that failed",
          0 < len(rows(browser)) < len(every) and said.case not in rows(browser))
    browser.value("(() => { const s = document.querySelector('#status'); s.value = ''; s.dispatchEvent(new Event('change')); })()")
    browser.picture("index_en")
    browser.click(".languages a[lang=ar]")
    browser.wait_for("document.documentElement.dir === 'rtl'")
    check("in Arabic the table runs from right to left",
          browser.value("document.querySelector('th').getBoundingClientRect().x > innerWidth / 2"))
    browser.picture("index_ar")
    browser.click(f"tr[data-id='{said.case}'] a")
    browser.wait_for("location.pathname.endsWith('view.html') && document.querySelector('main').children.length > 0")
    check("the case's page opens in the same language", browser.value("document.documentElement.dir") == "rtl")
    browser.picture("case_ar")
    browser.click("#back")
    browser.wait_for("location.pathname.endsWith('index.html')")


def canvas(browser):
    return browser.value("document.querySelector('#stage canvas').toDataURL()")


def use_the_case(browser):
    browser.open(said.out / "cases" / said.case / "view.html")
    browser.wait_for("document.querySelector('#stage canvas') !== null")
    seen = {"first": canvas(browser)}
    check("something is drawn", browser.value(
        "(() => { const c = document.querySelector('#stage canvas'), f = document.createElement('canvas'); f.width = c.width;"
        " f.height = c.height; const x = f.getContext('2d'); x.drawImage(c, 0, 0); const d = x.getImageData(0, 0, f.width,"
        " f.height).data; let n = 0; for (let i = 0; i < d.length; i += 4) n += d[i] + d[i + 1] + d[i + 2] < 700; return n; })()")
        > 5000)
    browser.drag("#stage", 160, 40)
    seen["turned"] = canvas(browser)
    for layer in ("change_map", "wall_map", "limb", "positive", "socket"):
        browser.click(f"#layers input[name={layer}]")
        browser.picture("layer_" + layer)
        seen[layer] = canvas(browser)
    browser.click("#layers input[name=through]")
    seen["through"] = canvas(browser)
    browser.click("#layers input[name=through]")
    browser.click("#views button[name=anterior]")
    seen["anterior"] = canvas(browser)
    browser.value("(() => { const s = document.querySelector('#section-axis'); s.value = 'z'; s.dispatchEvent(new Event('change')); })()")
    browser.click("#views button[name=above]")
    seen["section"] = canvas(browser)
    browser.picture("section")
    browser.drag("#section-at", 30, 0)
    seen["section moved"] = canvas(browser)
    check("each of these shows another picture: " + ", ".join(seen), len(set(seen.values())) == len(seen))
    check("girths before and after are there", browser.value("document.querySelectorAll('#measures tbody tr').length") > 5)


browser = Browser("--use-angle=swiftshader", "--enable-unsafe-swiftshader")
try:
    use_the_table(browser)
    use_the_case(browser)
    check("nothing is asked of a network", all(url.startswith(("file:", "data:", "blob:")) for url in browser.requests))
    check("no script complains: " + str(browser.complaints[:2]), not browser.complaints)
finally:
    browser.close()

browser = Browser("--disable-3d-apis")
try:
    browser.open(said.out / "cases" / said.case / "view.html")
    check("without WebGL there are pictures and a word why", browser.value(
        "document.querySelector('#no3d') !== null && [...document.querySelectorAll('#pictures img')].every("
        "(i) => i.getBoundingClientRect().height > 100) && document.querySelectorAll('#pictures img').length >= 3"))
    browser.picture("no_webgl")
finally:
    browser.close()
