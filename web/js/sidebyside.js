// A table of facts, a column for each function, that says where they differ.

/** Fill `table` from `rows` [title] and `columns` [{label, href, facts, moved}]; a moved one is marked. */
export function fill(table, rows, columns) {
  const head = document.createElement('tr');
  head.append(cell('th', 'Fact', 'col'), cell('th', 'Same?', 'col'));
  for (const { label, href, moved } of columns) {
    const title = cell('th', '', 'col');
    const link = document.createElement('a');
    Object.assign(link, { href, textContent: label });
    title.append(link, moved ? ' †' : '');
    head.append(title);
  }
  const body = rows.map((name, n) => {
    const row = document.createElement('tr');
    const values = columns.map(({ facts }) => facts[n]);
    const differ = new Set(values).size > 1;
    row.className = differ ? 'af-differs' : '';
    row.append(cell('th', name, 'row'), cell('td', differ ? '≠ differs' : '= same'));
    row.append(...columns.map(({ facts, moved }) => cell('td', moved ? `${facts[n]} †` : facts[n])));
    return row;
  });
  table.tHead.replaceChildren(head);
  table.tBodies[0].replaceChildren(...body);
}

function cell(name, text, scope) {
  const made = document.createElement(name);
  if (scope) made.scope = scope;
  made.textContent = text;
  return made;
}
