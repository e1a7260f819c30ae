/** Entry of both command lines. Resolves with the exit code. */
export async function main(program: "connectsoft" | "studio", _argv: string[]): Promise<number> {
  process.stderr.write(`${program}: this clone has no commands yet\n`);
  return 1;
}
