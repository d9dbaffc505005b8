import type { World } from './world.ts';

/** Events of which no ticket can be issued, as after a change that broke issuing. */
export interface Unissuable extends AsyncDisposable {
  add(event: { readonly id: string }): Promise<void>;
  mend(event: { readonly id: string }): Promise<void>;
}

export async function breakIssuing({ db }: World): Promise<Unissuable> {
  await db.pool.raw(
    `create table unissuable (event_id uuid primary key);
     create function refuse_unissuable() returns trigger language plpgsql as $$
     begin
       if exists (select from unissuable u where u.event_id = new.event_id) then
         raise exception 'no ticket of this event can be issued';
       end if;
       return new;
     end
     $$;
     create trigger refuse_unissuable before insert on tickets
       for each row execute function refuse_unissuable()`,
  );
  return {
    add: async ({ id }) => await db.pool.raw('insert into unissuable values (:id)', { id }),
    mend: async ({ id }) => {
      await db.pool.raw('delete from unissuable where event_id = :id', { id });
    },
    [Symbol.asyncDispose]: async () => {
      await db.pool.raw(
        'drop trigger refuse_unissuable on tickets; drop function refuse_unissuable; drop table unissuable',
      );
    },
  };
}
