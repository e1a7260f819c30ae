/** .NET's configuration sections: `ConnectionStrings__Default` is the key `Default` of `ConnectionStrings`. */

interface Section {
  [key: string]: Section | "";
}

/** Names as nested objects with empty values. One that is both a value and a section keeps its path as `A:B`. */
export function inSections(names: string[]): Section {
  const root: Section = Object.create(null) as Section;
  const paths = [...new Set(names)].toSorted().map((name) => name.split("__"));
  for (const path of paths) place(root, path);
  return root;
}

function place(section: Section, path: string[]): void {
  const [key = "", ...rest] = path;
  if (rest.length === 0) {
    section[key] ??= "";
    return;
  }
  const inner = section[key];
  if (inner === "") section[path.join(":")] = "";
  else {
    const child: Section = inner ?? (Object.create(null) as Section);
    section[key] = child;
    place(child, rest);
  }
}
