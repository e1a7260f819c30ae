/** One file's difference, what went above what came. */
import { useTranslation } from "react-i18next";
import { BoundedRows } from "./bounded-rows.tsx";
import styles from "./code.module.css";
import type { DiffFile, DiffHunk, DiffRow } from "./diff-files.ts";
import { useHighlighted } from "./highlight.ts";
import { languageOf } from "./language-of.ts";
import { MarkedLine } from "./marked-line.tsx";

export function UnifiedDiff({ file }: { file: DiffFile }) {
  const { t } = useTranslation();
  if (file.binary) return <p className={styles.note}>{t("ui.binary")}</p>;
  return (
    <BoundedRows file={file}>
      {(hunks) => (
        <table className={styles.rows}>
          <caption className="hidden-visually">{file.name}</caption>
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
  return (
    <tbody>
      <tr className={styles.at}>
        <td colSpan={4}>@@ {hunk.at} @@</td>
      </tr>
      {hunk.rows.map((row, place) => (
        <tr key={`${place}`} data-kind={row.kind}>
          <td className={styles.number}>{row.before}</td>
          <td className={styles.number}>{row.after}</td>
          <td className={styles.sign}>
            <Sign kind={row.kind} />
          </td>
          <td className={styles.line}>
            <MarkedLine line={lines[place] ?? []} />
          </td>
        </tr>
      ))}
    </tbody>
  );
}

export function Sign({ kind }: { kind: DiffRow["kind"] }) {
  const { t } = useTranslation();
  if (kind === "same") return null;
  return (
    <>
      <span aria-hidden="true">{kind === "added" ? "+" : "−"}</span>
      <span className="hidden-visually">{t(`ui.row.${kind}`)}</span>
    </>
  );
}
