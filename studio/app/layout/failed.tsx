import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { problemOf } from "../api/problem.ts";

/** What a page shows in its place when it cannot be shown; the way on is the server's own sentence where there is one. */
export function Failed({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const router = useRouter();
  const queries = useQueryClient();
  const { detail, next } = problemOf(error);
  return (
    <Notice tone="bad" title={t("app.failed")} live>
      <p>{detail}</p>
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
  );
}
