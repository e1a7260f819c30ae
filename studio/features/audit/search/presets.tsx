/** The questions that are asked most, each with its own address. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Icon } from "../../../ui/icon.tsx";
import styles from "./audit.module.css";
import { type AuditSearch, outcomes } from "./audit-search.ts";

const iconOf = { approved: "circle-check", blocked: "ban", completed: "package-check", failed: "circle-x" };

export function Presets({ search }: { search: AuditSearch }) {
  const { t } = useTranslation();
  return (
    <nav className={styles.presets} aria-label={t("audit.presets")}>
      <Preset
        search={{ ...search, outcome: undefined }}
        here={search.outcome === undefined}
        icon="scroll-text"
      >
        {t("audit.outcome.all")}
      </Preset>
      {outcomes.map((outcome) => (
        <Preset
          key={outcome}
          search={{ ...search, outcome }}
          here={search.outcome === outcome}
          icon={iconOf[outcome]}
        >
          {t(`audit.outcome.${outcome}`)}
        </Preset>
      ))}
    </nav>
  );
}

interface PresetProps {
  search: AuditSearch;
  here: boolean;
  icon: string;
  children: string;
}

function Preset({ search, here, icon, children }: PresetProps) {
  return (
    <Link to="/audit" search={search} aria-current={here ? "page" : undefined} data-here={here}>
      <Icon name={icon} />
      {children}
    </Link>
  );
}
