/**
 * What an instance that is no process of the supervisor's is told of itself: `<namespace>/<moduleId>/<releaseId>#<index>`.
 * Without the directory before it, so that it is never found, and ended, as a process that was left over.
 */
export function ownName(marker: string): string {
  return marker.slice(marker.indexOf("|") + 1);
}
