// What keeps somebody from reading this page, as a list of sentences. Checked as it is shown:
// WCAG 2.2 numbers in brackets.
(() => {
  const found = [];
  const all = (selector) => [...document.querySelectorAll(selector)];
  const named = (element) => {
    const ids = (element.getAttribute("aria-labelledby") || "").split(/\s+/).filter(Boolean);
    const texts = ids.map((id) => document.getElementById(id)?.textContent || "");
    return [element.getAttribute("aria-label"), ...texts].join("").trim();
  };
  const where = (element) => element.outerHTML.slice(0, 120);

  if (!document.documentElement.lang) found.push("the page has no language [3.1.1]");
  if (!document.title.trim()) found.push("the page has no title [2.4.2]");
  if (all("h1").length !== 1) found.push(`there are ${all("h1").length} h1 [1.3.1]`);
  if (all("main").length !== 1) found.push("there is no one main landmark [1.3.1]");
  let level = 1;
  for (const heading of all("h1, h2, h3, h4, h5, h6")) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) found.push(`a level is skipped before: ${where(heading)} [1.3.1]`);
    if (!heading.textContent.trim()) found.push(`an empty heading: ${where(heading)} [2.4.6]`);
    level = next;
  }
  const ids = all("[id]").map((element) => element.id);
  for (const id of new Set(ids.filter((id, place) => ids.indexOf(id) !== place)))
    found.push(`the id ${id} is there twice [4.1.2]`);
  for (const attribute of ["aria-labelledby", "aria-describedby"])
    for (const element of all(`[${attribute}]`))
      for (const id of element.getAttribute(attribute).split(/\s+/))
        if (!document.getElementById(id)) found.push(`${attribute} names nothing: ${id} [4.1.2]`);

  for (const table of all("table")) {
    const heads = [...table.querySelectorAll("th")];
    if (!table.querySelector("thead th")) found.push(`a table without headings: ${where(table)} [1.3.1]`);
    for (const head of heads)
      if (!["col", "row"].includes(head.scope)) found.push(`no scope: ${where(head)} [1.3.1]`);
    for (const head of heads)
      if (!head.textContent.trim()) found.push(`an empty heading: ${where(table)} [1.3.1]`);
    for (const row of table.querySelectorAll("tbody tr"))
      if (!row.querySelector("th[scope=row]")) found.push(`a row without a name: ${where(row)} [1.3.1]`);
    const widths = new Set(
      [...table.rows].map((row) => [...row.cells].reduce((sum, cell) => sum + cell.colSpan, 0)),
    );
    if (widths.size > 1) found.push(`rows of different length: ${where(table)} [1.3.1]`);
  }
  for (const picture of all("svg"))
    if (picture.getAttribute("aria-hidden") !== "true" && (picture.getAttribute("role") !== "img" || !named(picture)))
      found.push(`a drawing without a text: ${where(picture)} [1.1.1]`);
  for (const picture of all("img"))
    if (!picture.hasAttribute("alt")) found.push(`a picture without a text: ${where(picture)} [1.1.1]`);
  for (const link of all("a[href]"))
    if (!(link.textContent.trim() || named(link) || link.querySelector("img[alt]:not([alt=''])")))
      found.push(`a link without a text: ${where(link)} [2.4.4]`);
  for (const field of all("input:not([type=hidden]), select, textarea"))
    if (!(field.labels?.length || named(field))) found.push(`a field without a label: ${where(field)} [4.1.2]`);
  for (const group of all("fieldset"))
    if (!group.querySelector("legend")?.textContent.trim()) found.push(`a fieldset without a legend [1.3.1]`);
  for (const element of all("*")) {
    const style = getComputedStyle(element);
    const scrolls = /auto|scroll/.test(style.overflowX) && element.scrollWidth > element.clientWidth;
    if (scrolls && element.tabIndex < 0) found.push(`no key scrolls: ${where(element)} [2.1.1]`);
    if (element.tabIndex > 0) found.push(`a tabindex above 0: ${where(element)} [2.4.3]`);
  }
  if (document.documentElement.scrollWidth > innerWidth + 1)
    found.push(`the page is wider than its window: ${document.documentElement.scrollWidth} [1.4.10]`);

  const numbers = (color) => (color.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const light = (color) =>
    numbers(color).slice(0, 3)
      .map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
      .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const ground = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const color = getComputedStyle(each).backgroundColor;
      if (numbers(color)[3] !== 0) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const contrast = (one, other) => {
    const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const pairs = new Map();
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    const box = element.getBoundingClientRect();
    if (!texts.currentNode.data.trim() || !box.width || element.closest("title, defs, style")) continue;
    const style = getComputedStyle(element);
    const ink = element instanceof SVGElement ? style.fill : style.color;
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    pairs.set(`${ink} on ${ground(element)}, ${large ? "large" : "small"}`, [
      contrast(ink, ground(element)), large ? 3 : 4.5, where(element)]);
    if (size < 12 && !(element instanceof SVGElement)) found.push(`text of ${size}px: ${where(element)} [1.4.4]`);
  }
  for (const [pair, [ratio, wanted, place]] of pairs)
    if (ratio < wanted) found.push(`contrast ${ratio.toFixed(2)} of ${pair}: ${place} [1.4.3]`);
  for (const bar of all("svg .bar")) {
    const ratio = contrast(getComputedStyle(bar).fill, ground(bar.closest("svg")));
    if (ratio < 3) found.push(`a bar with contrast ${ratio.toFixed(2)} [1.4.11]`);
    break;
  }
  return [...new Set(found)];
})()
