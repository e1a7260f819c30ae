/** A Dockerfile as far as recognition needs it: its last stage's image, ports, commands and health check. */

export interface DockerInstruction {
  /** In capitals. */
  name: string;
  /** With continued lines joined; `${NAME}` stands as it was written. */
  value: string;
  /** 1-based. */
  line: number;
}

/** Instructions in order; comments, blank lines and here-documents are passed over. */
export function readDockerfile(text: string): DockerInstruction[] {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const continued = escapeOf(lines) === "`" ? /`[ \t]*$/ : /\\[ \t]*$/;
  const found: DockerInstruction[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    if (isSkipped(lines[at] ?? "")) continue;
    const line = at + 1;
    let whole = lines[at] ?? "";
    while (continued.test(whole) && at + 1 < lines.length) {
      at += 1;
      const next = lines[at] ?? "";
      whole = isSkipped(next) ? whole : `${whole.replace(continued, "")} ${next.trim()}`;
    }
    const [, name = "", value = ""] = /^\s*(\S+)\s*(.*)$/.exec(whole.replace(continued, "")) ?? [];
    const instruction = { name: name.toUpperCase(), value: value.trim(), line };
    found.push(instruction);
    at = afterHereDocuments(lines, at, instruction);
  }
  return found;
}

/** Those of the stage that the image is made of: from the last FROM on. */
export function lastStage(instructions: DockerInstruction[]): DockerInstruction[] {
  const from = instructions.findLastIndex(({ name }) => name === "FROM");
  return from === -1 ? [] : instructions.slice(from);
}

/** ARG and ENV up to the end, as `${NAME}` and `$NAME` would see them. */
export function variablesOf(instructions: DockerInstruction[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { name, value } of instructions) {
    if (name !== "ARG" && name !== "ENV") continue;
    for (const [key, given] of assignments(value)) found.set(key, withVariables(given, found));
  }
  return found;
}

/** Names that are not known stay as they are written. */
export function withVariables(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replaceAll(
    /\$(?:\{(\w+)(?::-([^}]*))?\}|(\w+))/g,
    (written, braced?: string, fallback?: string, plain?: string) =>
      variables.get(braced ?? plain ?? "") ?? fallback ?? written,
  );
}

/** The one port that the image exposes; none where it exposes several, as nothing tells which one serves. */
export function exposedPort(instructions: DockerInstruction[]): number | undefined {
  const variables = variablesOf(instructions);
  const ports = lastStage(instructions)
    .filter(({ name }) => name === "EXPOSE")
    .flatMap(({ value }) => withVariables(value, variables).split(/\s+/))
    .filter((port) => !port.endsWith("/udp"))
    .map((port) => Number(port.replace(/\/tcp$/, "")));
  const distinct = [...new Set(ports)].filter((port) => Number.isInteger(port) && port > 0 && port < 65_536);
  return distinct.length === 1 ? distinct[0] : undefined;
}

function escapeOf(lines: string[]): string {
  for (const line of lines) {
    const directive = /^#\s*(\w+)\s*=\s*(\S+)\s*$/.exec(line);
    if (directive === null) return "\\";
    if (directive[1]?.toLowerCase() === "escape") return directive[2] ?? "\\";
  }
  return "\\";
}

function isSkipped(line: string): boolean {
  return /^\s*(#|$)/.test(line);
}

function afterHereDocuments(lines: string[], at: number, { name, value }: DockerInstruction): number {
  if (!["RUN", "COPY", "ADD"].includes(name)) return at;
  let end = at;
  for (const [, dash, word] of value.matchAll(/<<(-?)["']?(\w+)["']?/g)) {
    const closes = (line: string) => (dash === "-" ? line.replace(/^\t+/, "") : line) === word;
    const closing = lines.findIndex((line, index) => index > end && closes(line));
    if (closing === -1) return end;
    end = closing;
  }
  return end;
}

function assignments(value: string): [string, string][] {
  const pairs = [...value.matchAll(/([A-Za-z_]\w*)=("(?:[^"\\]|\\.)*"|'[^']*'|\S*)/g)];
  if (pairs.length === 0) {
    const [, name, rest] = /^([A-Za-z_]\w*)\s+(.+)$/.exec(value) ?? [];
    return name === undefined || rest === undefined ? [] : [[name, rest]];
  }
  return pairs.map(([, name = "", given = ""]) => [name, given.replace(/^(["'])(.*)\1$/, "$2")]);
}
