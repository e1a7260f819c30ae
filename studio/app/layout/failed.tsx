import { useQueryClient } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Button, buttonClass } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PageHead } from "../../ui/panel.tsx";
import { problemOf } from "../api/problem.ts";
import { pages } from "./pages.ts";

/** What a page shows in its place when it cannot be shown; the way on is the server's own sentence where there is one. */
export function Failed({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const router = useRouter();
  const queries = useQueryClient();
  const { code, detail, next } = problemOf(error);
  const missing = code === "NotFound";
  const section = pages.find(({ to }) => router.state.location.pathname.startsWith(to));
  return (
    <>
      <PageHead
        title={t(missing ? "app.notFound" : code === "TenantForbidden" ? "app.forbidden" : "app.failed")}
      />
      <Notice tone={missing ? "warn" : "bad"} title={detail} live>
        {next !== undefined && <p>{next}</p>}
        {missing && section !== undefined && (
          <Link to={section.to} className={buttonClass} data-tone="plain">
            {t("app.backTo", { page: t(`app.nav.${section.name}`) })}
          </Link>
        )}
        <Button
          onPress={() => {
            void queries.resetQueries({ predicate: ({ state }) => state.status === "error" });
            void router.invalidate();
          }}
        >
          {t("app.again")}
        </Button>
      </Notice>
    </>
  );
}
