/** The frame of every page: where one may go, who one is, and whether what is shown is live. */
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useWaitingForMe } from "../../features/approvals/use-waiting.ts";
import { WaitingBadge, WaitingLink } from "../../features/approvals/waiting-badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { useLiveStream } from "../live/live.ts";
import { useSession } from "../session/session-gate.tsx";
import { ConnectionState } from "./connection-state.tsx";
import { useWaitingInTitle } from "./page-title.ts";
import { pages } from "./pages.ts";
import styles from "./shell.module.css";
import { UserMenu } from "./user-menu.tsx";

export function Shell() {
  const { t } = useTranslation();
  const { tenantId } = useSession();
  const [open, setOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  useLiveStream(tenantId);
  useWaitingInTitle(useWaitingForMe());
  useAnnouncedPages(main, () => setOpen(false));
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#content">
        {t("app.skip")}
      </a>
      <header className={styles.bar}>
        <span className={styles.menu}>
          <Button tone="quiet" label={t("app.menu")} onPress={() => setOpen(!open)}>
            <Icon name={open ? "x" : "menu"} size={20} />
          </Button>
        </span>
        <Link to="/" className={styles.name}>
          {t("app.name")} <span>{tenantId}</span>
        </Link>
        <WaitingLink />
        <ConnectionState />
        <UserMenu />
      </header>
      <nav className={styles.nav} data-open={open} aria-label={t("app.navigation")}>
        <ul>
          {pages.map(({ to, icon, name }) => (
            <li key={to}>
              <Link to={to} activeProps={{ "aria-current": "page" }}>
                <Icon name={icon} size={18} />
                {t(`app.nav.${name}`)}
                {name === "approvals" && <WaitingBadge />}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <main id="content" ref={main} className={styles.content} tabIndex={-1}>
        <Suspense fallback={<p role="status">{t("app.loading")}</p>}>
          <Outlet />
        </Suspense>
      </main>
    </div>
  );
}

/** A new page is begun at its content, as one that was loaded would be. */
function useAnnouncedPages(main: React.RefObject<HTMLElement | null>, moved: () => void): void {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const last = useRef(path);
  useEffect(() => {
    if (last.current === path) return;
    last.current = path;
    moved();
    main.current?.focus({ preventScroll: true });
  });
}
