const subject = `payload #>> '{data,object,client_reference_id}'`;

/**
 * Orders whose money came and whose tickets did not, with the moment since when: `paid` ones, and those
 * of which a stored event of Stripe says that they are paid and nobody has settled it. While ticketing is
 * down the second are all there are. Read by an index of what is under way, of orders as of events.
 */
export const awaitingTickets = `
  select id, organization_id, number, total_cents, currency, paid_at as since
    from orders where status = 'paid'
  union all
  select o.id, o.organization_id, o.number, o.total_cents, o.currency, min(e.received_at)
    from (select received_at,
                 case when ${subject} ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
                      then (${subject})::uuid end as order_id
            from stripe_events
           where processed_at is null
             and (type = 'checkout.session.async_payment_succeeded'
                  or (type = 'checkout.session.completed'
                      and payload #>> '{data,object,payment_status}' = 'paid'))) e
    join orders o on o.id = e.order_id
   where o.status in ('pending', 'expired')
   group by o.id`;
