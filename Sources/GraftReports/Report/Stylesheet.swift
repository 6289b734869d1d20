/// How a report looks: on paper, on a telephone, by day and by night.
enum Stylesheet {
  static let page: StaticString = """
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; }
    body { margin: 0 auto; padding: 1.5rem 1.25rem 4rem; max-width: 66rem; background: var(--paper); color: var(--text);
      font: 15px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; overflow-wrap: break-word; }
    h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; }
    h2 { margin: 0 0 .75rem; font-size: 1.2rem; }
    h3 { margin: 1.25rem 0 .4rem; font-size: 1rem; }
    p { margin: .5rem 0; max-width: 46rem; }
    section { margin-top: 2.5rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
    nav { margin-top: .9rem; display: flex; flex-wrap: wrap; gap: .2rem 1rem; font-size: .9rem; }
    a { color: var(--c1); }
    code, pre { font: 13px/1.45 ui-monospace, "DejaVu Sans Mono", monospace; }
    code { overflow-wrap: anywhere; }
    pre { margin: .5rem 0; padding: .75rem .9rem; background: var(--panel); border-radius: .4rem; white-space: pre-wrap;
      overflow-wrap: anywhere; }
    .quiet, .note, figcaption { color: var(--quiet); }
    .note, figcaption { font-size: .87rem; }
    .result { font-size: 1.1rem; margin-top: 1rem; }
    .warning { padding: .5rem .8rem; border-left: 3px solid var(--bad); background: var(--panel); }
    figure { margin: 0; min-width: 0; }
    figcaption { margin-top: .35rem; }
    .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1.75rem; }
    .plots figure { max-width: 36rem; }
    .scroll + .plots { margin-top: 1.25rem; }
    .plots.few { grid-template-columns: repeat(auto-fill, minmax(min(100%, 24rem), 1fr)); }
    .matrix { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 2rem;
      align-items: start; }
    .matrix figure { max-width: 42rem; }
    .matrix.large { grid-template-columns: minmax(0, 1fr); }
    .facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr)); gap: .6rem 1.5rem;
      margin: .75rem 0; }
    .facts dt { color: var(--quiet); font-size: .87rem; }
    .facts dd { margin: 0; overflow-wrap: anywhere; }
    .tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: .75rem; margin: 1rem 0 0; }
    .tiles div { padding: .6rem .8rem; background: var(--panel); border-radius: .4rem; }
    .tiles dt { color: var(--quiet); font-size: .85rem; }
    .tiles dd { margin: 0; font-size: 1.2rem; font-variant-numeric: tabular-nums; }
    .tiles .interval { color: var(--quiet); font-size: .8rem; }
    .scroll { overflow-x: auto; }
    .long { max-height: 32rem; overflow-y: auto; border: 1px solid var(--line); border-radius: .4rem; }
    .long thead th { position: sticky; top: 0; background: var(--paper); }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
    th, td { padding: .28rem .9rem .28rem .4rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
    th { color: var(--quiet); font-weight: 600; white-space: nowrap; }
    th.number, td.number { text-align: right; white-space: nowrap; }
    .sorts th { cursor: pointer; }
    th[aria-sort="ascending"]::after { content: " ↑"; } th[aria-sort="descending"]::after { content: " ↓"; }
    details { margin-top: 1rem; }
    summary { cursor: pointer; color: var(--c1); }
    .mistakes { display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: 1.1rem .9rem; }
    .mistakes figcaption { line-height: 1.35; }
    .mistakes b { color: var(--text); font-weight: 600; }
    .picture { display: flex; align-items: center; justify-content: center; height: 9rem; background: var(--panel);
      border-radius: .4rem; overflow: hidden; font-size: .85rem; color: var(--quiet); text-align: center; }
    .picture img { max-width: 100%; max-height: 100%; display: block; }
    .choice { display: block; margin: 0 0 1rem; font-size: .87rem; cursor: pointer; }
    .choice input { margin: 0 .35rem 0 0; vertical-align: -.1em; }
    .picture .veiled, .choice:has(:checked) + .mistakes .plain { display: none; }
    .choice:has(:checked) + .mistakes .veiled { display: block; }
    .path { font-size: .8rem; overflow-wrap: anywhere; }
    @media (max-width: 40rem) { th, td { padding-right: .5rem; } th { white-space: normal; } }
    @media print {
      @page { margin: 14mm; }
      body { max-width: none; padding: 0; font-size: 10pt; }
      nav, summary { display: none; }
      section { break-inside: auto; margin-top: 1.2rem; padding-top: .8rem; }
      figure, tr, .tiles div, .facts div { break-inside: avoid; }
      p, pre { break-inside: avoid; }
      h2, h3, h2 + p, thead, tbody tr:nth-child(-n+3) { break-after: avoid; }
      table + .note, .scroll + .note { break-before: avoid; }
      .plots, .plots.few { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem; }
      .matrix { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem; }
      .facts { grid-template-columns: repeat(3, minmax(0, 1fr)); }
      .mistakes { grid-template-columns: repeat(6, minmax(0, 1fr)); gap: .7rem .6rem; font-size: 8.5pt; }
      .picture { height: 5.5rem; }
      .long { max-height: none; border: 0; } .long thead th { position: static; }
      * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
    }
    """

  /// Sorts a table by the column whose head is clicked. Everything can be read without it.
  static let sorting: StaticString = """
    for (const table of document.querySelectorAll("table.sortable")) {
      table.classList.add("sorts");
      const heads = [...table.tHead.rows[0].cells], body = table.tBodies[0];
      heads.forEach((head, column) => { head.tabIndex = 0;
        const sort = () => {
          const down = head.ariaSort === "ascending" ? -1 : 1;
          heads.forEach(other => other.removeAttribute("aria-sort"));
          head.setAttribute("aria-sort", down < 0 ? "descending" : "ascending");
          const key = row => row.cells[column].textContent;
          const number = text => parseFloat(text.replace("−", "-").replaceAll(",", ""));
          const isNumber = head.classList.contains("number");
          const rows = [...body.rows].sort((a, b) => { const [one, other] = [key(a), key(b)];
            if (!isNumber) return down * one.localeCompare(other);
            const [x, y] = [number(one), number(other)];
            return isNaN(x) ? (isNaN(y) ? 0 : 1) : isNaN(y) ? -1 : down * (x - y); });
          body.append(...rows); };
        head.addEventListener("click", sort);
        head.addEventListener("keydown", event => { if (event.key === "Enter") sort(); }); });
    }
    """
}
