/** The text of a file with the numbers of its lines, in colour where its language is known; bounded where it is huge. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Notice } from "../notice.tsx";
import styles from "./code.module.css";
import { DownloadText } from "./download-text.tsx";
import { useHighlighted } from "./highlight.ts";
import { languageOf } from "./language-of.ts";
import { MarkedLine } from "./marked-line.tsx";

interface SourceTextProps {
  text: string;
  /** Of the file: what is read out, what its language is told by, and what a download is called. */
  name: string;
  /** Lines that are shown at most. */
  most?: number;
}

const longestLine = 5_000;

export function SourceText({ text, name, most = 3_000 }: SourceTextProps) {
  const { t } = useTranslation();
  const { shown, left } = useMemo(() => bounded(text, most), [text, most]);
  const lines = useHighlighted(shown, languageOf(name));
  const width = String(lines.length).length;
  return (
    <>
      {left && (
        <Notice tone="info" title={t("ui.textBounded", { count: most })}>
          <DownloadText text={text} name={name} />
        </Notice>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section className={styles.source} aria-label={name} tabIndex={0}>
        <ol style={{ "--digits": width } as React.CSSProperties}>
          {lines.map((line, number) => (
            <li key={`${number}`}>
              <MarkedLine line={line} />
            </li>
          ))}
        </ol>
      </section>
    </>
  );
}

function bounded(text: string, most: number): { shown: string; left: boolean } {
  const body = text.endsWith("\n") ? text.slice(0, -1) : text;
  const lines = body.split("\n", most + 1);
  const left = lines.length > most || lines.some((line) => line.length > longestLine);
  if (!left) return { shown: body, left };
  return {
    shown: lines
      .slice(0, most)
      .map((line) => (line.length > longestLine ? `${line.slice(0, longestLine)}…` : line))
      .join("\n"),
    left,
  };
}
