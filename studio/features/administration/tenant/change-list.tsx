import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import parts from "../parts/parts.module.css";

export function ChangeList({ changes }: { changes: readonly components["schemas"]["Change"][] }) {
  const { t } = useTranslation();
  if (changes.length === 0) return <p className={parts.muted}>{t("administration.tenant.noChange")}</p>;
  return (
    <ul className={parts.lines}>
      {changes.map(({ action, kind, name, detail }) => (
        <li key={action + kind + name}>
          {t(`administration.tenant.action.${action}`)} {kind} <code>{name}</code>
          {detail !== undefined && `: ${detail}`}
        </li>
      ))}
    </ul>
  );
}
