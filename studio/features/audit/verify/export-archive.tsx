/** The archive verifies without this server: events, artifacts, statements, proofs and a report for people. */
import { useTranslation } from "react-i18next";
import { useRight } from "../../../app/api/use-right.ts";
import { ActionButton, buttonClass } from "../../../ui/button.tsx";
import { Icon } from "../../../ui/icon.tsx";

export function ExportArchive({ traceId }: { traceId: string }) {
  const { t } = useTranslation();
  const may = useRight("export");
  const label = (
    <>
      <Icon name="download" />
      {t("audit.verify.export")}
    </>
  );
  if (!may.allowed)
    return (
      <ActionButton {...may} label={t("audit.verify.export")}>
        {label}
      </ActionButton>
    );
  return (
    <a
      className={buttonClass}
      data-tone="primary"
      href={`/api/v1/audit/traces/${encodeURIComponent(traceId)}`}
      download={`${traceId}.audit.tar.gz`}
    >
      {label}
    </a>
  );
}
