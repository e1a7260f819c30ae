import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Empty, PageHead } from "../../../../ui/panel.tsx";
import { useSubject } from "../use-delivery.ts";

export function DeliveryMissing() {
  const { t } = useTranslation();
  const { tenantId, traceId, moduleId } = useSubject();
  return (
    <>
      <PageHead title={t("deliveries.missing")} />
      <Empty icon="search" title={t("deliveries.missingTitle", { traceId, moduleId, tenantId })}>
        <p>{t("deliveries.missingText")}</p>
        <Link to="/deliveries" search={{ q: traceId }}>
          {t("deliveries.missingSearch")}
        </Link>
      </Empty>
    </>
  );
}
