import { Link, useLocation } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Icon } from "../../../../ui/icon.tsx";
import { useShownTab } from "../../../../ui/use-shown-tab.ts";
import type { Status } from "../shapes.ts";
import { useSubject } from "../use-delivery.ts";
import styles from "./head.module.css";

const tabs = [
  { to: "/deliveries/$traceId/$moduleId", name: "overview", icon: "workflow" },
  { to: "/deliveries/$traceId/$moduleId/timeline", name: "timeline", icon: "list-tree" },
  { to: "/deliveries/$traceId/$moduleId/artifacts", name: "artifacts", icon: "file-text" },
  { to: "/deliveries/$traceId/$moduleId/pipeline", name: "pipeline", icon: "hammer" },
  { to: "/deliveries/$traceId/$moduleId/rollout", name: "rollout", icon: "rocket" },
  { to: "/deliveries/$traceId/$moduleId/logs", name: "logs", icon: "scroll-text" },
  { to: "/deliveries/$traceId/$moduleId/spans", name: "spans", icon: "chart-gantt" },
  { to: "/deliveries/$traceId/$moduleId/failure", name: "failure", icon: "wrench" },
] as const;

const failing = ["stopped", "retrying"];

/** Troubleshooting is called to attention where something failed. */
export function DeliveryTabs({ status }: { status: Status }) {
  const { t } = useTranslation();
  const { traceId, moduleId } = useSubject();
  const row = useShownTab(useLocation().pathname);
  const failed = status.explanation.situations.some(({ kind }) => failing.includes(kind));
  return (
    <nav ref={row} className={styles.tabs} aria-label={t("deliveries.parts")}>
      <ul>
        {tabs.map(({ to, name, icon }) => (
          <li key={to}>
            <Link
              to={to}
              params={{ traceId, moduleId }}
              activeOptions={{ exact: true, includeSearch: false }}
              activeProps={{ "aria-current": "page" }}
              resetScroll={false}
              data-failed={name === "failure" && failed}
            >
              <Icon name={icon} /> {t(`deliveries.tab.${name}`)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
