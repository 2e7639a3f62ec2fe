"use strict";
// Tables of class "sortable" get a button in each heading; the page is whole without this.
for (const table of document.querySelectorAll("table.sortable")) {
  const headings = [...table.tHead.rows[0].cells];
  const key = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.value === undefined ? cell.textContent.trim() : Number(cell.dataset.value);
  };
  headings.forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const body = table.tBodies[0];
      const numeric = body.rows[0] && body.rows[0].cells[column].dataset.value !== undefined;
      const before = heading.getAttribute("aria-sort");
      const descending = before ? before === "ascending" : Boolean(numeric);
      const sign = descending ? -1 : 1;
      const rows = [...body.rows].sort((one, other) => {
        const a = key(one, column), b = key(other, column);
        if (typeof a !== "number") return sign * a.localeCompare(b);
        // What was not measured is last in both directions.
        return Number.isNaN(a) - Number.isNaN(b) || sign * (a - b);
      });
      body.append(...rows);
      headings.forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
    });
  });
}
