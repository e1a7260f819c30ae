/** What leaves with a person: how it was deployed, and the archive that proves it without this server. */
import { Suspense, useState } from "react";
import { MenuTrigger, Popover, Button as Pressable } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { type Problem, problemOf } from "../../../../app/api/problem.ts";
import { buttonClass } from "../../../../ui/button.tsx";
import { Icon } from "../../../../ui/icon.tsx";
import { Notice } from "../../../../ui/notice.tsx";
import { DownloadMenu } from "./download-menu.tsx";
import styles from "./head.module.css";

export function Downloads() {
  const { t } = useTranslation();
  const [problem, setProblem] = useState<Problem>();
  const follow = (save: () => Promise<void>) => {
    setProblem(undefined);
    save().catch((error: unknown) => setProblem(problemOf(error)));
  };
  return (
    <>
      <MenuTrigger>
        <Pressable className={buttonClass}>
          <Icon name="download" /> {t("deliveries.downloads")}
        </Pressable>
        <Popover className={styles.popover ?? ""} placement="bottom end">
          <Suspense fallback={<p role="status">{t("app.loading")}</p>}>
            <DownloadMenu onSave={follow} />
          </Suspense>
        </Popover>
      </MenuTrigger>
      {problem !== undefined && (
        <Notice tone="bad" title={problem.detail} live>
          {problem.next}
        </Notice>
      )}
    </>
  );
}
