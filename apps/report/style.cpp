#include "apps/report/report_parts.h"

namespace fit::report {

const char* const style = R"css(
@page{size:A4;margin:12mm 13mm 14mm;@bottom-right{content:counter(page) " / " counter(pages);font:9px "DejaVu Sans","Noto Sans",Arial,sans-serif;color:#54606e}}
*{box-sizing:border-box}
body{margin:0;background:#e9ebee;color:#1d2733;font:13px/1.4 "DejaVu Sans","Noto Sans",Arial,sans-serif;-webkit-print-color-adjust:exact;print-color-adjust:exact}
.page{display:flex;flex-direction:column;width:210mm;min-height:297mm;margin:8mm auto;padding:12mm 13mm;background:#fff;box-shadow:0 1px 6px #0003}
.page header{display:flex;justify-content:space-between;gap:6mm;border-bottom:.5mm solid #33415c;padding-bottom:1.5mm;margin-bottom:4mm;color:#33415c;font-size:11px}
.page header b{font-size:13px}
h2{font-size:16px;margin:5mm 0 2mm;color:#22304a}
h3{font-size:12px;margin:0 0 1.5mm;color:#33415c;text-transform:uppercase;letter-spacing:.04em}
p{margin:0 0 2mm}ul,ol{margin:0;padding-left:5mm}li{margin:.8mm 0}
.small-print,.help{color:#54606e;font-size:11px}
.card{display:flex;gap:6mm;margin-bottom:4mm}
.who{flex:0 0 54mm;text-align:center;border:.4mm solid #c9d0d9;border-radius:2mm;padding:2mm}
.who p{margin:0;font-size:15px}.who .side{font-size:24px;text-transform:uppercase}
.leg{width:100%;height:82mm}.leg text{text-anchor:middle;font-family:inherit;fill:#33415c}
.leg .letter{font-size:46px;font-weight:bold;fill:#8f4500}.leg .small{font-size:11px}
.say{flex:1;display:flex;flex-direction:column;gap:3mm}
.verdict{display:flex;gap:4mm;align-items:center;border-radius:2mm;padding:3mm 4mm;border:.6mm solid}
.verdict h2{margin:0;font-size:20px;color:inherit}.verdict p{margin:0}.verdict .symbol{font-size:34px;line-height:1}
.verdict.forbid{background:#fdeceb;border-color:#a4161a;color:#7d1013}
.verdict.warn{background:#fff4e2;border-color:#c2700c;color:#6e3f05}
.verdict.clear{background:#e9f2fa;border-color:#1b4f8f;color:#163f71}
.verdict.note{background:#f1f3f6;border-color:#7b8794;color:#33415c}
.box{border:.4mm solid #c9d0d9;border-radius:2mm;padding:3mm 4mm;margin-bottom:3mm;break-inside:avoid}
.say .box{margin:0}.changes{font-size:15px}.changes li{margin:1.2mm 0}
.findings{list-style:none;padding:0}.findings li{border-left:1.6mm solid #c2700c;padding-left:3mm}
.findings li.forbid{border-left:1.6mm double #a4161a}.findings li.more{border-color:#fff0;color:#54606e}
.notes{flex:1 1 30mm;background:repeating-linear-gradient(#fff 0,#fff 8.6mm,#d5dbe2 8.6mm,#d5dbe2 9mm)}.notes h3,.notes p{background:#fff;display:inline-block;margin:0;padding-right:3mm}.notes p{float:right;padding:0 0 0 3mm}
.sign .decide{display:flex;align-items:center;gap:2mm;margin:2mm 0 9mm}.tick{width:4.5mm;height:4.5mm;border:.4mm solid #33415c;margin-left:5mm}
.lines{display:flex;gap:6mm}.line{flex:1;border-top:.4mm solid #33415c;font-size:11px;color:#54606e}
.row{display:flex;gap:2mm;align-items:flex-end}.row figure{flex:1 1 0;margin:0;min-width:0}
.row.two{justify-content:center;gap:10mm}.row.two figure{flex:0 0 74mm}.row.two svg{height:92mm}
figure img,figure svg{width:100%;height:auto;display:block}figcaption{text-align:center;font-weight:bold;font-size:11px}
.picture{position:relative}.tag{position:absolute;transform:translate(2.2mm,-50%);font-size:8px;color:#7d0c16;background:#ffffffb8;border-radius:1mm;padding:0 .6mm;line-height:1.25}
.sides{display:flex;justify-content:space-between;font-size:9px;color:#54606e}
.scale{border-left:.4mm solid #1d2733;border-right:.4mm solid #1d2733;border-bottom:.4mm solid #1d2733;height:4mm;font-size:8px;white-space:nowrap;text-align:center;margin:1mm 0 2mm}
.legend{margin:1mm 0 2mm;break-inside:avoid}.bar{height:5mm;border:.2mm solid #54606e;display:flex;justify-content:space-between;align-items:center;padding:0 2mm;font-size:10px;font-weight:bold;color:#fff}.bar span{text-shadow:0 0 2px #000,0 0 2px #000}
.ticks{position:relative;height:5mm;font-size:10px;margin-right:0}.ticks span{position:absolute;transform:translateX(-50%);padding-top:1mm}
.ticks span:before{content:"";position:absolute;left:50%;top:0;height:1.2mm;border-left:.3mm solid #1d2733}.ticks .zero{font-weight:bold}
.ticks span:first-child{transform:none}.ticks span:first-child:before{left:0}.ticks span:nth-last-child(2){transform:translateX(-100%)}.ticks span:nth-last-child(2):before{left:auto;right:0}
.ticks em{position:absolute;right:8mm;padding-top:1mm;font-style:normal;color:#54606e}.legend p{font-size:11px;color:#54606e;margin:0}
.section path{fill:none;stroke-linejoin:round}.section .wall{fill:#d5dae1;stroke:#8a95a3;stroke-width:3;fill-rule:evenodd}
.section .positive{stroke:#1b4f8f;stroke-width:11}.section .limb{stroke:#a65a1f;stroke-width:5}
table{border-collapse:collapse;width:100%;font-size:11px}th,td{padding:.9mm 1.6mm;text-align:left;vertical-align:top;border-bottom:.2mm solid #dde2e8}
thead th{background:#eef1f5;border-bottom:.4mm solid #9aa5b1}tr{break-inside:avoid}thead{display:table-header-group}
.numbers td,.numbers th{text-align:right;padding:.7mm 1.2mm}.numbers .words{text-align:left;white-space:nowrap}.numbers thead tr:first-child th{text-align:center}
.numbers td:nth-child(6),.numbers th:first-child{border-right:.4mm solid #9aa5b1}.numbers td:nth-child(11){border-right:.4mm solid #9aa5b1}
.all-findings .kind{font-weight:bold;white-space:nowrap;border-left:1.6mm solid #b6bec8}.all-findings .warn .kind{border-left-color:#c2700c}
.all-findings .forbid .kind{border-left:1.6mm double #a4161a}.all-findings .code{font-family:"DejaVu Sans Mono",monospace;font-size:9px;color:#54606e}
.remedy{color:#33415c}code{font-family:"DejaVu Sans Mono",monospace;font-size:10.5px}
.parameters{font-size:9px;table-layout:fixed}.parameters code{font-size:8.5px;overflow-wrap:anywhere}.parameters .help{font-size:9px}.parameters td{padding:.5mm 1.2mm}.parameters th:nth-child(1){width:20%}.parameters th:nth-child(2){width:29%}.parameters th:nth-child(3){width:22%}
.parameters .part th{background:#eef1f5;color:#33415c}.parameters .value{font-weight:bold;max-width:62mm;overflow-wrap:anywhere}
.parameters .unverified td:nth-child(3){color:#8f4500;font-weight:bold}.parameters .unverified td:nth-child(3):before{content:"\25B2 "}
.items{margin:.8mm 0 1.2mm}.parameters .items td,.parameters .items th{width:auto;padding:.3mm 1mm;font-size:8.5px;color:#1d2733}.items th{font-weight:normal;color:#54606e!important}.items .unverified{color:#8f4500!important;font-weight:bold}.items .unverified:before{content:"\25B2 "}
.hashes td{font-family:"DejaVu Sans Mono",monospace;font-size:9px;overflow-wrap:anywhere}.pairs th{width:42mm;font-weight:normal;color:#54606e}.pairs{margin-bottom:3mm}
@media print{body{background:#fff}.page{width:auto;min-height:0;margin:0;padding:0;box-shadow:none;break-after:page}.page:first-child{min-height:270mm}h2{break-after:avoid}.page:last-child{break-after:auto}}
)css";

}  // namespace fit::report
