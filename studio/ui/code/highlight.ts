/** Source as lines of marked pieces. Plain at once; in colour as soon as the grammars are there. */
import { useEffect, useMemo, useState } from "react";

export interface Piece {
  text: string;
  /** Classes of highlight.js, such as `hljs-string`. */
  mark?: string;
}
export type Line = readonly Piece[];

/** More would be felt while it is marked. */
const mostMarked = 200_000;

type Grammars = typeof import("./grammars.ts").lowlight;
let loaded: Grammars | undefined;

export function useHighlighted(text: string, language: string | undefined): readonly Line[] {
  const grammars = useGrammars(language !== undefined && text.length <= mostMarked);
  return useMemo(() => {
    if (grammars === undefined || language === undefined || text.length > mostMarked) return plain(text);
    return linesOf(grammars.highlight(language, text));
  }, [grammars, language, text]);
}

function useGrammars(wanted: boolean): Grammars | undefined {
  const [grammars, setGrammars] = useState(loaded);
  useEffect(() => {
    if (!wanted || grammars !== undefined) return;
    let gone = false;
    void import("./grammars.ts").then(({ lowlight }) => {
      loaded = lowlight;
      if (!gone) setGrammars(lowlight);
    });
    return () => {
      gone = true;
    };
  }, [wanted, grammars]);
  return grammars;
}

function plain(text: string): Line[] {
  return text.split("\n").map((line) => [{ text: line }]);
}

type Tree = ReturnType<Grammars["highlight"]>;
type Node = Tree["children"][number];

function linesOf(tree: Tree): Line[] {
  const lines: Piece[][] = [[]];
  const take = (node: Node, mark: string | undefined) => {
    if (node.type === "element") {
      const classes = node.properties.className;
      const own = Array.isArray(classes) ? classes.join(" ") : mark;
      for (const child of node.children) take(child, own);
    }
    if (node.type !== "text") return;
    for (const [index, text] of node.value.split("\n").entries()) {
      if (index > 0) lines.push([]);
      if (text !== "") lines.at(-1)?.push(mark === undefined ? { text } : { text, mark });
    }
  };
  for (const child of tree.children) take(child, undefined);
  return lines;
}
