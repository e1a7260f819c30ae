import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../button.tsx";
import styles from "./code.module.css";
import type { DiffFile, DiffHunk } from "./diff-files.ts";

const step = 2_000;

/** Scrolls by itself, and shows so many rows at first; the rest when they are asked for. */
export function BoundedRows({
  file,
  children,
}: {
  file: DiffFile;
  children: (hunks: DiffHunk[]) => ReactNode;
}) {
  const { t } = useTranslation();
  const [most, setMost] = useState(step);
  const total = file.hunks.reduce((sum, { rows }) => sum + rows.length, 0);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section className={styles.scroller} aria-label={file.name} tabIndex={0}>
        {children(firstRows(file.hunks, most))}
      </section>
      {total > most && (
        <p className={styles.note}>
          {t("ui.rowsLeft", { count: total - most })}{" "}
          <Button size="small" onPress={() => setMost(most + step)}>
            {t("ui.showMore")}
          </Button>
        </p>
      )}
    </>
  );
}

function firstRows(hunks: DiffHunk[], most: number): DiffHunk[] {
  const shown: DiffHunk[] = [];
  let left = most;
  for (const hunk of hunks) {
    if (left <= 0) break;
    shown.push(hunk.rows.length <= left ? hunk : { ...hunk, rows: hunk.rows.slice(0, left) });
    left -= hunk.rows.length;
  }
  return shown;
}
