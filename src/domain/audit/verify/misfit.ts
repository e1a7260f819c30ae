import { visibleText } from "../visible-text.ts";

/** The first thing of an archive that does not fit, by its place and what is wrong with it. */
export class Misfit extends Error {
  readonly where: string;
  readonly problem: string;

  constructor(where: string, problem: string) {
    super(visibleText(`${where} ${problem}`));
    this.name = "Misfit";
    // Names come out of the archive, and go to a terminal.
    this.where = visibleText(where).replaceAll("\n", " ");
    this.problem = visibleText(problem).replaceAll("\n", " ");
  }
}
