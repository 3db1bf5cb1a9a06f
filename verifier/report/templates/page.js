"use strict";
(function () {
  var table = document.getElementById("table");
  if (!table) { return; }
  var body = table.tBodies[0], rows = Array.from(body.rows), heads = Array.from(table.tHead.rows[0].cells);
  function key(row, column) {
    var cell = row.cells[column], value = cell.dataset.value;
    return value !== undefined ? Number(value) : cell.textContent.trim();
  }
  heads.forEach(function (head, column) {
    head.querySelector("button").addEventListener("click", function () {
      var down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach(function (h) { h.setAttribute("aria-sort", "none"); });
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      rows.slice().sort(function (a, b) {
        var x = key(a, column), y = key(b, column);
        var order = typeof x === "number" ? x - y : x.localeCompare(y, "en", { numeric: true });
        return down ? -order : order;
      }).forEach(function (row) { body.appendChild(row); });
    });
  });
  var search = document.getElementById("search"), shown = document.getElementById("shown");
  var boxes = Array.from(document.querySelectorAll("#filters input[type=checkbox]"));
  var articles = Array.from(document.querySelectorAll("main > article"));
  function filter() {
    var verdicts = boxes.filter(function (b) { return b.checked; }).map(function (b) { return b.value; });
    var word = search.value.trim().toLowerCase(), count = 0;
    rows.forEach(function (row) {
      var on = verdicts.includes(row.dataset.verdict) && row.textContent.toLowerCase().includes(word);
      row.hidden = !on;
      count += on ? 1 : 0;
      var article = document.getElementById(row.querySelector("a").getAttribute("href").slice(1));
      if (article) { article.hidden = !on; }
    });
    shown.textContent = count + " of " + rows.length + " claims";
  }
  boxes.forEach(function (b) { b.addEventListener("change", filter); });
  search.addEventListener("input", filter);
  document.getElementById("filters").addEventListener("submit", function (e) { e.preventDefault(); });
  window.addEventListener("beforeprint", function () {
    articles.forEach(function (a) { a.querySelectorAll("details").forEach(function (d) { d.open = true; }); });
  });
})();
