/** Everything that is set up here: a side list of its parts, or a choice of them on a phone. */
import { Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { usePageTitle } from "../../app/layout/page-title.ts";
import { Select } from "../../ui/field.tsx";
import { Icon } from "../../ui/icon.tsx";
import { useNarrow } from "../../ui/use-narrow.ts";
import styles from "./administration.module.css";
import { sections } from "./sections.ts";

export function Administration() {
  const { t } = useTranslation();
  usePageTitle(t(`administration.${useSection()}.title`));
  return (
    <div className={styles.page}>
      {useNarrow() ? <SectionChoice /> : <SectionList />}
      <div className={styles.section}>
        <Suspense fallback={<p role="status">{t("app.loading")}</p>}>
          <Outlet />
        </Suspense>
      </div>
    </div>
  );
}

function SectionList() {
  const { t } = useTranslation();
  return (
    <nav className={styles.list} aria-label={t("administration.title")}>
      <ul>
        {sections.map(({ path, icon }) => (
          <li key={path}>
            <Link to={`/administration/${path}`} activeProps={{ "aria-current": "page" }}>
              <Icon name={icon} />
              {t(`administration.${path}.title`)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function SectionChoice() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const here = useSection();
  const options = sections.map((section) => ({
    id: section.path,
    text: t(`administration.${section.path}.title`),
  }));
  return (
    <Select
      label={t("administration.title")}
      value={here}
      onChange={(next) => {
        const chosen = sections.find((section) => section.path === next);
        if (chosen !== undefined) void navigate({ to: `/administration/${chosen.path}` });
      }}
      options={options}
    />
  );
}

/** The part that is shown; on the way to one it is the first. */
function useSection() {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return sections.find((section) => path.startsWith(`/administration/${section.path}`))?.path ?? "tenant";
}
