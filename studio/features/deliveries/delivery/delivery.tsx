/** One delivery: its head, why it waits, and its parts, each at an address of its own. */
import { Outlet } from "@tanstack/react-router";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "../../../app/api/problem.ts";
import { Failed } from "../../../app/layout/failed.tsx";
import { usePageTitle } from "../../../app/layout/page-title.ts";
import { DeliveryHead } from "./head/delivery-head.tsx";
import { DeliveryMissing } from "./head/delivery-missing.tsx";
import { DeliveryTabs } from "./head/delivery-tabs.tsx";
import { WhyWaiting } from "./head/why-waiting.tsx";
import { useStatus, useSubject } from "./use-delivery.ts";

const missing = ["NotFound", "InputInvalid", "TenantForbidden"];

export function Delivery() {
  const { t } = useTranslation();
  const { data: status, error } = useStatus();
  const { moduleId } = useSubject();
  usePageTitle(moduleId);
  if (status === undefined && error !== null)
    return missing.includes(problemOf(error).code) ? <DeliveryMissing /> : <Failed error={error} />;
  if (status === undefined) return <p role="status">{t("deliveries.loadingOne")}</p>;
  return (
    <>
      <DeliveryHead status={status} />
      <WhyWaiting status={status} />
      <DeliveryTabs status={status} />
      <Suspense fallback={<p role="status">{t("app.loading")}</p>}>
        <Outlet />
      </Suspense>
    </>
  );
}
