export interface paths {
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is on sale
         * @description Hidden tiers are there only with an `access_code` that shows them now.
         */
        get: {
            parameters: {
                query?: {
                    access_code?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            events: {
                                /** Format: uuid */
                                id: string;
                                slug: string;
                                title: string;
                                venue: string;
                                /** Format: date-time */
                                starts_at: string;
                                /** Format: date-time */
                                ends_at: string;
                                timezone: string;
                                currency: string;
                                /** @enum {string} */
                                status: "draft" | "on_sale" | "closed" | "cancelled";
                                max_per_buyer: number | null;
                                refund_policy: {
                                    allowed: boolean;
                                    /** Format: date-time */
                                    until: string;
                                    kept_percent: number;
                                    kept_cents_per_ticket: number;
                                } | null;
                                tiers: {
                                    /** Format: uuid */
                                    id: string;
                                    name: string;
                                    price_cents: number;
                                    min_per_order: number;
                                    max_per_order: number;
                                    available: number;
                                    on_sale: boolean;
                                }[];
                                /** Format: date-time */
                                as_of: string;
                            }[];
                        };
                    };
                };
                /** @description A problem document. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/{slug}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One event with its tiers
         * @description Hidden tiers are there only with an `access_code` that shows them now. A wrong one shows none, and is no error.
         */
        get: {
            parameters: {
                query?: {
                    access_code?: string;
                };
                header?: never;
                path: {
                    slug: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            slug: string;
                            title: string;
                            venue: string;
                            /** Format: date-time */
                            starts_at: string;
                            /** Format: date-time */
                            ends_at: string;
                            timezone: string;
                            currency: string;
                            /** @enum {string} */
                            status: "draft" | "on_sale" | "closed" | "cancelled";
                            max_per_buyer: number | null;
                            refund_policy: {
                                allowed: boolean;
                                /** Format: date-time */
                                until: string;
                                kept_percent: number;
                                kept_cents_per_ticket: number;
                            } | null;
                            tiers: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                price_cents: number;
                                min_per_order: number;
                                max_per_order: number;
                                available: number;
                                on_sale: boolean;
                            }[];
                            /** Format: date-time */
                            as_of: string;
                        };
                    };
                };
                /** @description A problem document, among them `event.not_found`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/{slug}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Public keys of the codes of an event
         * @description Ed25519. A code names its key by `kid`; those of retired keys stay good.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    slug: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            event: string;
                            /** @enum {string} */
                            algorithm: "Ed25519";
                            keys: {
                                kid: number;
                                public_key: string;
                                /** Format: date-time */
                                created_at: string;
                                retired_at: string | null;
                            }[];
                        };
                    };
                };
                /** @description A problem document, among them `event.not_found`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/{slug}/availability": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How many tickets are left, by tier
         * @description Hidden tiers are never there: read the event with its `access_code`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    slug: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            event: string;
                            /** @enum {string} */
                            status: "on_sale" | "closed" | "cancelled";
                            /** Format: date-time */
                            as_of: string;
                            tiers: {
                                /** Format: uuid */
                                id: string;
                                available: number;
                                on_sale: boolean;
                            }[];
                        };
                    };
                };
                /** @description A problem document, among them `event.not_found`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/{slug}/availability/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The same as a stream, from now on
         * @description Server-sent events named `availability`, whose data is the JSON of `…/availability`: the whole of it at once, and again after a change, at most four times a second. An `id` says which state it was: a client that comes back with it as `Last-Event-ID`, to any instance, hears nothing until something changes. Browsers do all of that in `new EventSource(url)`; when one is refused (429, 503) it gives up, and the page should read `…/availability` and try again later.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    slug: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The file or page. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
                /** @description A problem document, among them `event.not_found`, `stream.too_many`, `stream.unavailable`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/holds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hold tickets
         * @description Takes the tickets out of sale for some minutes. Prices are ours: the body names tiers and quantities only. Hidden tiers need the `access_code` that shows them; without it they are `tier.not_found`. The same key and body give the same hold again.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description A fresh UUID; repeat it when you retry the same request. */
                    "idempotency-key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "event": "opening-night",
                     *       "items": [
                     *         {
                     *           "tier": "01990000-0000-7000-8000-000000000001",
                     *           "quantity": 2
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        event: string;
                        items: {
                            /** Format: uuid */
                            tier: string;
                            quantity: number;
                        }[];
                        access_code?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            token: string;
                            /** @enum {string} */
                            status: "active" | "converted" | "released" | "expired";
                            items: {
                                /** Format: uuid */
                                tier: string;
                                name: string;
                                quantity: number;
                                unit_price_cents: number;
                            }[];
                            currency: string;
                            subtotal_cents: number;
                            expires_at: string | null;
                            /** Format: date-time */
                            server_time: string;
                        };
                    };
                };
                /** @description A problem document, among them `inventory.sold_out`, `event.not_found`, `event.not_on_sale`, `event.sales_not_started`, `event.sales_ended`, `tier.not_found`, `tier.sales_closed`, `tier.quantity_above_limit`, `tier.quantity_below_limit`, `basket.tier_repeated`, `basket.quantity_invalid`, `client.share_used`, `request.overloaded`, `idempotency.key_missing`, `idempotency.key_invalid`, `idempotency.key_reused`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/holds/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Look at a hold */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            token: string;
                            /** @enum {string} */
                            status: "active" | "converted" | "released" | "expired";
                            items: {
                                /** Format: uuid */
                                tier: string;
                                name: string;
                                quantity: number;
                                unit_price_cents: number;
                            }[];
                            currency: string;
                            subtotal_cents: number;
                            expires_at: string | null;
                            /** Format: date-time */
                            server_time: string;
                        };
                    };
                };
                /** @description A problem document, among them `hold.not_found`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /**
         * Give a hold back
         * @description Its tickets are free again once its payment page, if there is one, is closed.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            token: string;
                            /** @enum {string} */
                            status: "active" | "converted" | "released" | "expired";
                            items: {
                                /** Format: uuid */
                                tier: string;
                                name: string;
                                quantity: number;
                                unit_price_cents: number;
                            }[];
                            currency: string;
                            subtotal_cents: number;
                            expires_at: string | null;
                            /** Format: date-time */
                            server_time: string;
                        };
                    };
                };
                /** @description A problem document, among them `hold.not_found`, `hold.converted`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/holds/{id}/checkout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Turn a hold into an order and open its payment page
         * @description Send the buyer to `checkout_url`; when nothing is to pay it is null and the order is confirmed at once. Asked again with another buyer or promo code, it changes the same order.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description A fresh UUID; repeat it when you retry the same request. */
                    "idempotency-key": string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "buyer": {
                     *         "name": "Ada Lovelace",
                     *         "email": "delivered@resend.dev"
                     *       }
                     *     }
                     */
                    "application/json": {
                        buyer: {
                            name: string;
                            /** Format: email */
                            email: string;
                        };
                        promo_code?: string;
                        wallet_token?: string;
                        holders?: {
                            /** Format: uuid */
                            tier: string;
                            names: string[];
                        }[];
                        /** Format: uri */
                        success_url?: string;
                        /** Format: uri */
                        cancel_url?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            order: {
                                /** Format: uuid */
                                id: string;
                                number: string;
                                status: string;
                                discount_cents: number;
                                total_cents: number;
                                wallet_cents: number;
                                currency: string;
                                token: string;
                            };
                            checkout_url: string | null;
                        };
                    };
                };
                /** @description A problem document, among them `hold.not_found`, `hold.expired`, `hold.released`, `order.already_paid`, `order.below_minimum`, `order.holders_do_not_fit`, `buyer.limit_reached`, `promo.not_found`, `promo.not_active`, `promo.exhausted`, `promo.buyer_limit_reached`, `promo.not_applicable`, `access_code.exhausted`, `wallet.not_usable`, `wallet.empty`, `return_url.not_allowed`, `checkout.busy`, `stripe.unavailable`, `stripe.not_configured`, `idempotency.key_missing`, `idempotency.key_invalid`, `idempotency.key_reused`, `idempotency.in_flight`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An order with its tickets */
        get: {
            parameters: {
                query?: {
                    after?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            number: string;
                            /** @enum {string} */
                            status: "pending" | "paid" | "fulfilled" | "expired" | "cancelled";
                            event: {
                                slug: string;
                                title: string;
                                venue: string;
                                /** Format: date-time */
                                starts_at: string;
                                /** Format: date-time */
                                ends_at: string;
                                timezone: string;
                            };
                            items: {
                                /** Format: uuid */
                                tier: string;
                                name: string;
                                quantity: number;
                                unit_price_cents: number;
                                discount_cents: number;
                                total_cents: number;
                            }[];
                            currency: string;
                            promo_code: string | null;
                            discount_cents: number;
                            total_cents: number;
                            wallet_cents: number;
                            tickets: {
                                /** Format: uuid */
                                id: string;
                                serial: string;
                                /** @enum {string} */
                                status: "valid" | "suspended" | "refunded" | "void";
                                tier: string;
                                holder_name: string | null;
                                qr: string | null;
                                passed_on: boolean;
                                token: string | null;
                            }[];
                            tickets_next: string | null;
                            mails: {
                                kind: string;
                                status: string;
                                provider_id: string | null;
                                to: string | null;
                                overdue: boolean;
                            }[];
                            refunds: {
                                amount_cents: number;
                                status: string;
                            }[];
                            /** Format: date-time */
                            created_at: string;
                        };
                    };
                };
                /** @description A problem document, among them `order.not_found`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask the payment provider how it stands
         * @description For the page a buyer returns to: it does not wait for a webhook.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            status: "queued" | "nothing_to_settle";
                        };
                    };
                };
                /** @description A problem document, among them `order.not_found`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/resend-confirmation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mail the tickets again, to the address of the order */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            status: "queued";
                        };
                    };
                };
                /** @description A problem document, among them `order.not_found`, `order.not_paid`, `email.too_many`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/refund-requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give tickets back, within what the event allows
         * @description With `commit: false` it only says what would be given back and what is kept. With `commit: true` the tickets are dead at the door at once, and the money follows to where it came from, or with `to: wallet` is store credit at once; that needs an `Idempotency-Key`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "commit": false
                     *     }
                     */
                    "application/json": {
                        tickets?: string[];
                        /**
                         * @default origin
                         * @enum {string}
                         */
                        to?: "origin" | "wallet";
                        /** @default false */
                        commit?: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            committed: boolean;
                            currency: string;
                            amount_cents: number;
                            kept_cents: number;
                            /** Format: date-time */
                            until: string;
                            tickets: {
                                /** Format: uuid */
                                id: string;
                                paid_cents: number;
                                kept_cents: number;
                                back_cents: number;
                            }[];
                            refund: string | null;
                        };
                    };
                };
                /** @description A problem document, among them `order.not_found`, `order.not_paid`, `order.disputed`, `ticket.not_found`, `ticket.already_refunded`, `ticket.admitted`, `ticket.passed_on`, `refund.not_allowed`, `refund.too_late`, `refund.more_than_left`, `refund.nothing_left`, `wallet.not_found`, `idempotency.key_missing`, `idempotency.key_invalid`, `idempotency.key_reused`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders/t/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The order as a page with its codes
         * @description Works without scripts. `returned` asks the payment provider first; `refund` says what became of a wish to give tickets back; `after` is the serial after which its tickets begin.
         */
        get: {
            parameters: {
                query?: {
                    after?: string;
                    returned?: unknown;
                    refund?: string;
                };
                header?: never;
                path: {
                    token: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The file or page. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/html": string;
                    };
                };
                /** @description A problem document, among them `token.invalid`, `order.not_found`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A ticket with what its code holds */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            serial: string;
                            /** @enum {string} */
                            status: "valid" | "suspended" | "refunded" | "void";
                            tier: string;
                            holder_name: string | null;
                            qr: string | null;
                            passed_on: boolean;
                            token: string | null;
                            /** Format: uuid */
                            order: string;
                            event: {
                                slug: string;
                                title: string;
                                venue: string;
                                /** Format: date-time */
                                starts_at: string;
                                /** Format: date-time */
                                ends_at: string;
                                timezone: string;
                            };
                        };
                    };
                };
                /** @description A problem document, among them `ticket.not_found`, `token.invalid`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{id}/return": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a ticket back, where the event allows it
         * @description It is dead at the door and its seat on sale at once; what it cost goes to who paid for it. Repeated with its key it is the same return.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description A fresh UUID; repeat it when you retry the same request. */
                    "idempotency-key": string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            ticket: string;
                            amount_cents: number;
                            currency: string;
                        };
                    };
                };
                /** @description A problem document, among them `ticket.not_found`, `ticket.already_refunded`, `ticket.admitted`, `order.not_paid`, `order.disputed`, `refund.not_allowed`, `refund.too_late`, `refund.more_than_left`, `token.invalid`, `idempotency.key_missing`, `idempotency.key_invalid`, `idempotency.key_reused`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{id}/qr.svg": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The code of a ticket as SVG */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The file or page. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "image/svg+xml": string;
                    };
                };
                /** @description A problem document, among them `ticket.not_found`, `token.invalid`, `documents.busy`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{id}/qr.png": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The code of a ticket as PNG */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The file or page. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "image/png": string;
                    };
                };
                /** @description A problem document, among them `ticket.not_found`, `token.invalid`, `documents.busy`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{id}/ticket.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A ticket to print */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The file or page. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/pdf": string;
                    };
                };
                /** @description A problem document, among them `ticket.not_found`, `token.invalid`, `documents.busy`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{id}/calendar.ics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The event of a ticket for a calendar */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The file or page. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/calendar": string;
                    };
                };
                /** @description A problem document, among them `ticket.not_found`, `token.invalid`, `documents.busy`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/t/{token}/qr.svg": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The code of a ticket as SVG */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    token: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The file or page. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "image/svg+xml": string;
                    };
                };
                /** @description A problem document, among them `ticket.not_found`, `token.invalid`, `documents.busy`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/t/{token}/qr.png": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The code of a ticket as PNG */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    token: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The file or page. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "image/png": string;
                    };
                };
                /** @description A problem document, among them `ticket.not_found`, `token.invalid`, `documents.busy`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/t/{token}/ticket.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A ticket to print */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    token: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The file or page. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/pdf": string;
                    };
                };
                /** @description A problem document, among them `ticket.not_found`, `token.invalid`, `documents.busy`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/t/{token}/calendar.ics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The event of a ticket for a calendar */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    token: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The file or page. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/calendar": string;
                    };
                };
                /** @description A problem document, among them `ticket.not_found`, `token.invalid`, `documents.busy`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/tickets.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tickets of an order to print, a page each; five hundred at most, from after this serial */
        get: {
            parameters: {
                query?: {
                    after?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The file or page. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/pdf": string;
                    };
                };
                /** @description A problem document, among them `order.not_found`, `token.invalid`, `order.no_tickets`, `documents.busy`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/calendar.ics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The event of an order for a calendar */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The file or page. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/calendar": string;
                    };
                };
                /** @description A problem document, among them `order.not_found`, `token.invalid`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders/t/{token}/tickets.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tickets of an order to print, a page each; five hundred at most, from after this serial */
        get: {
            parameters: {
                query?: {
                    after?: string;
                };
                header?: never;
                path: {
                    token: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The file or page. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/pdf": string;
                    };
                };
                /** @description A problem document, among them `order.not_found`, `token.invalid`, `order.no_tickets`, `documents.busy`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders/t/{token}/calendar.ics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The event of an order for a calendar */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    token: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The file or page. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/calendar": string;
                    };
                };
                /** @description A problem document, among them `order.not_found`, `token.invalid`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Store credit, and what moved it
         * @description Its token comes by mail to its owner. Send it as `wallet_token` with a checkout to pay from it.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            currency: string;
                            balance_cents: number;
                            escrow_cents: number;
                            entries: {
                                /** @enum {string} */
                                kind: "refund" | "grant" | "credits" | "passed_on" | "escrowed" | "given_back";
                                amount_cents: number;
                                order: string | null;
                                /** Format: date-time */
                                at: string;
                            }[];
                        };
                    };
                };
                /** @description A problem document, among them `wallet.not_found`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/wallets/t/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Store credit as a page
         * @description Works without scripts.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    token: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The file or page. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/html": string;
                    };
                };
                /** @description A problem document, among them `token.invalid`, `wallet.not_found`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{id}/transfers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Offer a ticket to somebody else
         * @description They hear of it by mail and accept or decline. Until then the ticket is as it was; from then on its codes and links from before are worthless.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description A fresh UUID; repeat it when you retry the same request. */
                    "idempotency-key": string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "to": "delivered+grace@resend.dev"
                     *     }
                     */
                    "application/json": {
                        /** Format: email */
                        to: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** Format: uuid */
                            ticket: string;
                            /** @enum {string} */
                            state: "offered" | "accepted" | "declined" | "withdrawn" | "lapsed";
                            /** Format: date-time */
                            expires_at: string;
                            /** Format: date-time */
                            created_at: string;
                        };
                    };
                };
                /** @description A problem document, among them `ticket.not_found`, `transfer.not_allowed`, `transfer.too_late`, `transfer.too_often`, `transfer.to_oneself`, `transfer.already_offered`, `transfer.ticket_ended`, `ticket.admitted`, `idempotency.key_missing`, `idempotency.key_invalid`, `idempotency.key_reused`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        /** Take an offer back */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** Format: uuid */
                            ticket: string;
                            /** @enum {string} */
                            state: "offered" | "accepted" | "declined" | "withdrawn" | "lapsed";
                            /** Format: date-time */
                            expires_at: string;
                            /** Format: date-time */
                            created_at: string;
                        };
                    };
                };
                /** @description A problem document, among them `ticket.not_found`, `transfer.not_open`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/transfers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An offer, as whom it was made to sees it */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            state: "offered" | "accepted" | "declined" | "withdrawn" | "lapsed";
                            from: string | null;
                            event: {
                                title: string;
                                venue: string;
                                /** Format: date-time */
                                starts_at: string;
                            };
                            tier: string;
                            /** Format: date-time */
                            expires_at: string;
                        };
                    };
                };
                /** @description A problem document, among them `transfer.not_found`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/transfers/{id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Accept a ticket */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "name": "Grace Hopper"
                     *     }
                     */
                    "application/json": {
                        name: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ticket: {
                                /** Format: uuid */
                                id: string;
                                token: string;
                            };
                        };
                    };
                };
                /** @description A problem document, among them `transfer.not_found`, `transfer.ticket_ended`, `ticket.admitted`, `transfer.not_open`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/transfers/{id}/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decline a ticket: it stays with who has it */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            state: "offered" | "accepted" | "declined" | "withdrawn" | "lapsed";
                            from: string | null;
                            event: {
                                title: string;
                                venue: string;
                                /** Format: date-time */
                                starts_at: string;
                            };
                            tier: string;
                            /** Format: date-time */
                            expires_at: string;
                        };
                    };
                };
                /** @description A problem document, among them `transfer.not_found`, `transfer.not_open`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tickets/t/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A ticket as a page with its code
         * @description For whoever holds it. Works without scripts.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    token: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The file or page. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/html": string;
                    };
                };
                /** @description A problem document, among them `token.invalid`, `ticket.not_found`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/transfers/t/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An offer as a page
         * @description Works without scripts: its forms accept or decline.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    token: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The file or page. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/html": string;
                    };
                };
                /** @description A problem document, among them `token.invalid`, `transfer.not_found`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/address": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Correct the address of an order whose confirmation did not arrive
         * @description The tickets are mailed there at once. An address that works cannot be changed.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "email": "delivered@resend.dev"
                     *     }
                     */
                    "application/json": {
                        /** Format: email */
                        email: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            number: string;
                            /** @enum {string} */
                            status: "pending" | "paid" | "fulfilled" | "expired" | "cancelled";
                            event: {
                                slug: string;
                                title: string;
                                venue: string;
                                /** Format: date-time */
                                starts_at: string;
                                /** Format: date-time */
                                ends_at: string;
                                timezone: string;
                            };
                            items: {
                                /** Format: uuid */
                                tier: string;
                                name: string;
                                quantity: number;
                                unit_price_cents: number;
                                discount_cents: number;
                                total_cents: number;
                            }[];
                            currency: string;
                            promo_code: string | null;
                            discount_cents: number;
                            total_cents: number;
                            wallet_cents: number;
                            tickets: {
                                /** Format: uuid */
                                id: string;
                                serial: string;
                                /** @enum {string} */
                                status: "valid" | "suspended" | "refunded" | "void";
                                tier: string;
                                holder_name: string | null;
                                qr: string | null;
                                passed_on: boolean;
                                token: string | null;
                            }[];
                            tickets_next: string | null;
                            mails: {
                                kind: string;
                                status: string;
                                provider_id: string | null;
                                to: string | null;
                                overdue: boolean;
                            }[];
                            refunds: {
                                amount_cents: number;
                                status: string;
                            }[];
                            /** Format: date-time */
                            created_at: string;
                        };
                    };
                };
                /** @description A problem document, among them `order.not_found`, `order.address_works`, `email.too_many`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders/t/{token}/refund/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A page with what would be given back of chosen tickets
         * @description Changes nothing. What cannot be given back leads back to the page of the order.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    token: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/x-www-form-urlencoded": {
                        ticket?: string | string[];
                    };
                };
            };
            responses: {
                /** @description The file or page. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/html": string;
                    };
                };
                /** @description Goes on to a page. */
                303: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/html": string;
                    };
                };
                /** @description A problem document, among them `token.invalid`, `order.not_found`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders/t/{token}/refund": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give the tickets of a preview back
         * @description The key is made by the preview, so that a form that is sent twice is one refund.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    token: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/x-www-form-urlencoded": {
                        ticket?: string | string[];
                        /** @description What the preview said comes back. */
                        amount_cents: number;
                        /** Format: uuid */
                        key: string;
                    };
                };
            };
            responses: {
                /** @description Goes on to a page. */
                303: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/html": string;
                    };
                };
                /** @description A problem document, among them `token.invalid`, `order.not_found`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders/t/{token}/address": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The same, by the form of the order page */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    token: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "email": "delivered@resend.dev"
                     *     }
                     */
                    "application/x-www-form-urlencoded": {
                        /** Format: email */
                        email: string;
                    };
                };
            };
            responses: {
                /** @description Goes on to a page. */
                303: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/html": string;
                    };
                };
                /** @description A problem document, among them `token.invalid`, `order.not_found`, `order.address_works`, `email.too_many`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/transfers/t/{token}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Accept a ticket by the form of its page */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    token: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "name": "Grace Hopper"
                     *     }
                     */
                    "application/x-www-form-urlencoded": {
                        name: string;
                    };
                };
            };
            responses: {
                /** @description Goes on to a page. */
                303: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/html": string;
                    };
                };
                /** @description A problem document, among them `token.invalid`, `transfer.not_found`, `transfer.not_open`, `transfer.ticket_ended`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/transfers/t/{token}/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decline a ticket by the form of its page */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    token: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Goes on to a page. */
                303: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/html": string;
                    };
                };
                /** @description A problem document, among them `token.invalid`, `transfer.not_found`, `transfer.not_open`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tickets/t/{token}/return": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give a ticket back by the form of its page */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    token: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/x-www-form-urlencoded": {
                        /** Format: uuid */
                        key: string;
                        /** @enum {string} */
                        sure: "yes";
                    };
                };
            };
            responses: {
                /** @description Goes on to a page. */
                303: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/html": string;
                    };
                };
                /** @description A problem document, among them `token.invalid`, `ticket.not_found`, `ticket.already_refunded`, `ticket.admitted`, `order.not_paid`, `order.disputed`, `refund.not_allowed`, `refund.too_late`, `refund.more_than_left`, `idempotency.key_reused`. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @enum {string} */
                            type: "about:blank";
                            title: string;
                            status: number;
                            detail: string;
                            code: string;
                            details?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: never;
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
