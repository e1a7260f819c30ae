/** What a freeze would hold, in a sentence: fields that are left empty hold the most. */
import { useTranslation } from "react-i18next";
import { Notice } from "../../../ui/notice.tsx";

interface FreezeSummaryProps {
  modules: readonly string[];
  environments: readonly string[];
  /** As typed, on the clocks of the freeze's zone; empty: now, and until it is lifted. */
  start: string;
  end: string;
  repeats: boolean;
}

export function FreezeSummary({ modules, environments, start, end, repeats }: FreezeSummaryProps) {
  const { t, i18n } = useTranslation();
  const names = new Intl.ListFormat(i18n.language, { type: "conjunction" });
  const part = (name: "modules" | "environments", of: readonly string[]) =>
    of.length === 0 ? t(`administration.freezes.sum.all.${name}`) : names.format(of);
  const moment = (name: "start" | "end", typed: string) =>
    typed === ""
      ? t(`administration.freezes.sum.open.${name}`)
      : t(`administration.freezes.sum.at.${name}`, { at: clockText(typed, i18n.language) });
  return (
    <Notice
      tone={end === "" ? "warn" : "info"}
      title={t("administration.freezes.sum.text", {
        modules: part("modules", modules),
        environments: part("environments", environments),
        start: moment("start", start),
        end: moment("end", end),
      })}
    >
      {repeats && <p>{t("administration.freezes.sum.repeats")}</p>}
    </Notice>
  );
}

/** What clocks there show, whatever zone the reader is in. */
function clockText(typed: string, language: string): string {
  const moment = Date.parse(`${typed}Z`);
  if (Number.isNaN(moment)) return typed;
  const form = { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(language, form).format(moment);
}
