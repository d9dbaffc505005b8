/** Where the queues are looked at, and where those who may mend them do. */
export const boardPath = '/queues';
export const mendingPath = '/mend/queues';
