/**
 * For whom something is shown or mended: what belongs to an organization is its own, and what belongs to
 * none is for the organization that looks after the machine.
 */
export interface Viewer {
  readonly organizationId: string;
  readonly operates: boolean;
}
