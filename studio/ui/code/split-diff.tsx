/** One file's difference, what was on the left and what is on the right. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { BoundedRows } from "./bounded-rows.tsx";
import styles from "./code.module.css";
import type { DiffFile, DiffHunk, DiffRow } from "./diff-files.ts";
import { type Line, useHighlighted } from "./highlight.ts";
import { languageOf } from "./language-of.ts";
import { MarkedLine } from "./marked-line.tsx";
import { Sign } from "./unified-diff.tsx";

export function SplitDiff({ file }: { file: DiffFile }) {
  const { t } = useTranslation();
  if (file.binary) return <p className={styles.note}>{t("ui.binary")}</p>;
  return (
    <BoundedRows file={file}>
      {(hunks) => (
        <table className={styles.rows} data-split="">
          <caption className="hidden-visually">{file.name}</caption>
          <thead className="hidden-visually">
            <tr>
              <th colSpan={3}>{t("ui.before")}</th>
              <th colSpan={3}>{t("ui.after")}</th>
            </tr>
          </thead>
          {hunks.map((hunk) => (
            <Hunk key={hunk.at} hunk={hunk} language={languageOf(file.name)} />
          ))}
        </table>
      )}
    </BoundedRows>
  );
}

function Hunk({ hunk, language }: { hunk: DiffHunk; language: string | undefined }) {
  const lines = useHighlighted(hunk.rows.map(({ text }) => text).join("\n"), language);
  const pairs = useMemo(() => pairsOf(hunk.rows), [hunk]);
  const lineOf = (place: number | undefined) => (place === undefined ? undefined : lines[place]);
  return (
    <tbody>
      <tr className={styles.at}>
        <td colSpan={6}>@@ {hunk.at} @@</td>
      </tr>
      {pairs.map(([left, right], place) => (
        <tr key={`${place}`}>
          <Side row={left === undefined ? undefined : hunk.rows[left]} line={lineOf(left)} side="before" />
          <Side row={right === undefined ? undefined : hunk.rows[right]} line={lineOf(right)} side="after" />
        </tr>
      ))}
    </tbody>
  );
}

interface SideProps {
  row: DiffRow | undefined;
  line: Line | undefined;
  side: "before" | "after";
}

function Side({ row, line, side }: SideProps) {
  const kind = row?.kind ?? "none";
  return (
    <>
      <td className={styles.number} data-kind={kind}>
        {row?.[side]}
      </td>
      <td className={styles.sign} data-kind={kind}>
        {row !== undefined && <Sign kind={row.kind} />}
      </td>
      <td className={styles.line} data-kind={kind}>
        {line !== undefined && <MarkedLine line={line} />}
      </td>
    </>
  );
}

/** Places of rows that stand beside each other: what went beside what came in its stead. */
function pairsOf(rows: DiffRow[]): [number | undefined, number | undefined][] {
  const pairs: [number | undefined, number | undefined][] = [];
  let gone: number[] = [];
  let come: number[] = [];
  const flush = () => {
    for (let at = 0; at < Math.max(gone.length, come.length); at++) pairs.push([gone[at], come[at]]);
    gone = [];
    come = [];
  };
  for (const [place, { kind }] of rows.entries()) {
    if (kind === "removed") gone.push(place);
    else if (kind === "added") come.push(place);
    else {
      flush();
      pairs.push([place, place]);
    }
  }
  flush();
  return pairs;
}
