import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PageHead } from "../../ui/panel.tsx";
import { problemOf } from "../api/problem.ts";

/** What a page shows in its place when it cannot be shown; the way on is the server's own sentence where there is one. */
export function Failed({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const router = useRouter();
  const queries = useQueryClient();
  const { detail, next } = problemOf(error);
  return (
    <>
      <PageHead title={t("app.failed")} />
      <Notice tone="bad" title={detail} live>
        {next !== undefined && <p>{next}</p>}
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
