import { useTranslation } from "react-i18next";
import { Notice } from "../../../ui/notice.tsx";
import { Facts } from "../../../ui/panel.tsx";
import parts from "../parts/parts.module.css";

interface MeanwhileProps<Typed> {
  /** Who changed it last. */
  by: string;
  begun: Typed;
  now: Typed;
  labelOf: (field: keyof Typed & string) => string;
}

/** What somebody else made of it while the form was open, field by field. What was typed stays as it is. */
export function Meanwhile<Typed extends object>({ by, begun, now, labelOf }: MeanwhileProps<Typed>) {
  const { t } = useTranslation();
  const words = (value: unknown) => {
    if (typeof value === "boolean") return t(`administration.subscriptions.${value ? "yes" : "no"}`);
    const text = Array.isArray(value) ? value.join(" ") : String(value);
    return text === "" ? t("administration.subscriptions.nothing") : text;
  };
  const others = (Object.keys(now) as (keyof Typed & string)[]).filter(
    (field) => JSON.stringify(now[field]) !== JSON.stringify(begun[field]),
  );
  return (
    <Notice tone="warn" title={t("administration.subscriptions.meanwhile", { by })} live>
      <Facts of={others.map((field) => [labelOf(field), words(now[field])])} />
      <p className={parts.muted}>{t("administration.subscriptions.meanwhileText")}</p>
    </Notice>
  );
}
