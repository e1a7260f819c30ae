/** The events of a calendar file as freezes. The file is read in the browser; what its events mean, the server says. */
import { useState } from "react";
import { FileTrigger } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { Button } from "../../../ui/button.tsx";
import { Choices } from "../../../ui/choices.tsx";
import { TextField } from "../../../ui/field.tsx";
import { Icon } from "../../../ui/icon.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { ChangeDialog } from "../parts/change-dialog.tsx";
import parts from "../parts/parts.module.css";
import { fieldProblem } from "../parts/refusal.ts";
import { useRefresh } from "../parts/use-refresh.ts";

export function ImportCalendar({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { data: tenant } = query.useSuspenseQuery("get", "/tenant/parts");
  const refresh = useRefresh("/freezes", "/freezes/windows");
  const read = query.useMutation("post", "/freezes/import", { onSuccess: refresh });
  const [file, setFile] = useState<{ name: string; text: string }>();
  const [timeZone, setTimeZone] = useState(Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [environments, setEnvironments] = useState<string[]>([]);
  const take = async (files: FileList | null) => {
    const [first] = files ?? [];
    if (first !== undefined) setFile({ name: first.name, text: await first.text() });
  };
  return (
    <ChangeDialog
      title={t("administration.freezes.import")}
      intro={t("administration.freezes.importIntro")}
      button={t("administration.freezes.importNow")}
      change={read}
      fields={["timeZone", "environments"]}
      ready={file !== undefined}
      onClose={onClose}
      onSubmit={() =>
        file !== undefined &&
        read.mutate({
          body: { text: file.text, timeZone, ...(environments.length > 0 && { environments }) },
        })
      }
      done={read.data && <Imported answer={read.data} />}
    >
      <div className={parts.inline}>
        <FileTrigger acceptedFileTypes={[".ics", "text/calendar"]} onSelect={(files) => void take(files)}>
          <Button>
            <Icon name="file-text" />
            {t("administration.freezes.choose")}
          </Button>
        </FileTrigger>
        <span role="status">{file?.name ?? t("administration.freezes.noFile")}</span>
      </div>
      <TextField
        label={t("administration.freezes.timeZone")}
        hint={t("administration.freezes.importZone")}
        value={timeZone}
        onChange={setTimeZone}
        error={fieldProblem(read.error, "timeZone")}
      />
      <Choices
        label={t("administration.freezes.environments")}
        hint={t("administration.freezes.allHint")}
        options={tenant.environments.map(({ id }) => ({ id, text: id }))}
        chosen={environments}
        onChange={setEnvironments}
        error={fieldProblem(read.error, "environments")}
      />
    </ChangeDialog>
  );
}

interface Answer {
  set: { id: string; words: string; recorded: boolean }[];
  left: { what: string; why: string }[];
}

function Imported({ answer: { set, left } }: { answer: Answer }) {
  const { t } = useTranslation();
  return (
    <>
      <Notice tone="good" title={t("administration.freezes.imported", { count: set.length })} live>
        <ul className={parts.lines}>
          {set.map(({ id, words }) => (
            <li key={id}>
              {id}: {words}
            </li>
          ))}
        </ul>
      </Notice>
      {left.length > 0 && (
        <Notice tone="warn" title={t("administration.freezes.left", { count: left.length })}>
          <ul className={parts.lines}>
            {left.map(({ what, why }) => (
              <li key={what + why}>
                {what}: {why}
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  );
}
