import { useRefresh } from "../parts/use-refresh.ts";

/** For a change that is made: what it changed is read again, and the dialog is gone. */
export function useChanged(onClose: () => void, ...addresses: Parameters<typeof useRefresh>): () => void {
  const refresh = useRefresh(...addresses);
  return () => {
    refresh();
    onClose();
  };
}
