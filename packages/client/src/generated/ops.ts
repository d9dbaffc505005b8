export interface paths {
    "/admin/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Events of the organization */
        get: {
            parameters: {
                query?: never;
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
                                /** @enum {string} */
                                status: "draft" | "on_sale" | "closed" | "cancelled";
                                currency: string;
                                /** Format: date-time */
                                starts_at: string;
                                /** Format: date-time */
                                ends_at: string;
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
        /** Make a draft with its tiers and pools */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "slug": "opening-night",
                     *       "title": "Opening Night",
                     *       "venue": "The Old Power Station",
                     *       "starts_at": "2031-05-01T20:00:00+02:00",
                     *       "ends_at": "2031-05-01T23:00:00+02:00",
                     *       "timezone": "Europe/Zurich",
                     *       "currency": "eur",
                     *       "tiers": [
                     *         {
                     *           "name": "Floor",
                     *           "price_cents": 4900,
                     *           "capacity": 300
                     *         },
                     *         {
                     *           "name": "Balcony",
                     *           "price_cents": 6900,
                     *           "capacity": 100,
                     *           "max_per_order": 6
                     *         }
                     *       ],
                     *       "pools": [
                     *         {
                     *           "name": "House",
                     *           "capacity": 350,
                     *           "tiers": [
                     *             "Floor",
                     *             "Balcony"
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        slug: string;
                        title: string;
                        venue: string;
                        /** Format: date-time */
                        starts_at: string;
                        /** Format: date-time */
                        ends_at: string;
                        timezone: string;
                        /** @default en */
                        locale?: string;
                        currency: string;
                        /** Format: date-time */
                        sales_start_at?: string;
                        /** Format: date-time */
                        sales_end_at?: string;
                        /** @default 15 */
                        hold_minutes?: number;
                        /** @default 20 */
                        max_per_order?: number;
                        max_per_buyer?: number;
                        tiers: {
                            name: string;
                            price_cents: number;
                            capacity: number;
                            /** @default 1 */
                            min_per_order?: number;
                            /** @default 20 */
                            max_per_order?: number;
                            /** Format: date-time */
                            sales_start_at?: string;
                            /** Format: date-time */
                            sales_end_at?: string;
                            /** @default false */
                            hidden?: boolean;
                        }[];
                        /** @default [] */
                        pools?: {
                            name: string;
                            capacity: number;
                            tiers: string[];
                        }[];
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
                            slug: string;
                            title: string;
                            /** @enum {string} */
                            status: "draft" | "on_sale" | "closed" | "cancelled";
                            currency: string;
                            venue: string;
                            /** Format: date-time */
                            starts_at: string;
                            /** Format: date-time */
                            ends_at: string;
                            max_per_buyer: number | null;
                            reminder_hours_before: number | null;
                            tiers: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                price_cents: number;
                                capacity: number;
                                reserved: number;
                                issued: number;
                                available: number;
                                closed: boolean;
                                hidden: boolean;
                            }[];
                            pools: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                capacity: number;
                                reserved: number;
                                issued: number;
                                tiers: string[];
                            }[];
                        };
                    };
                };
                /** @description A problem document, among them `event.slug_taken`, `event.times_invalid`, `event.timezone_unknown`, `event.price_not_chargeable`, `event.tier_repeated`, `event.pool_tier_unknown`. */
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
    "/admin/v1/events/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An event with its counters */
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
                            slug: string;
                            title: string;
                            /** @enum {string} */
                            status: "draft" | "on_sale" | "closed" | "cancelled";
                            currency: string;
                            venue: string;
                            /** Format: date-time */
                            starts_at: string;
                            /** Format: date-time */
                            ends_at: string;
                            max_per_buyer: number | null;
                            reminder_hours_before: number | null;
                            tiers: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                price_cents: number;
                                capacity: number;
                                reserved: number;
                                issued: number;
                                available: number;
                                closed: boolean;
                                hidden: boolean;
                            }[];
                            pools: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                capacity: number;
                                reserved: number;
                                issued: number;
                                tiers: string[];
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
    "/admin/v1/events/{id}/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put an event on sale */
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
                            slug: string;
                            title: string;
                            /** @enum {string} */
                            status: "draft" | "on_sale" | "closed" | "cancelled";
                            currency: string;
                            venue: string;
                            /** Format: date-time */
                            starts_at: string;
                            /** Format: date-time */
                            ends_at: string;
                            max_per_buyer: number | null;
                            reminder_hours_before: number | null;
                            tiers: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                price_cents: number;
                                capacity: number;
                                reserved: number;
                                issued: number;
                                available: number;
                                closed: boolean;
                                hidden: boolean;
                            }[];
                            pools: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                capacity: number;
                                reserved: number;
                                issued: number;
                                tiers: string[];
                            }[];
                        };
                    };
                };
                /** @description A problem document, among them `event.not_found`, `event.state_conflict`. */
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
    "/admin/v1/events/{id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the sale; tickets stay good */
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
                            slug: string;
                            title: string;
                            /** @enum {string} */
                            status: "draft" | "on_sale" | "closed" | "cancelled";
                            currency: string;
                            venue: string;
                            /** Format: date-time */
                            starts_at: string;
                            /** Format: date-time */
                            ends_at: string;
                            max_per_buyer: number | null;
                            reminder_hours_before: number | null;
                            tiers: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                price_cents: number;
                                capacity: number;
                                reserved: number;
                                issued: number;
                                available: number;
                                closed: boolean;
                                hidden: boolean;
                            }[];
                            pools: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                capacity: number;
                                reserved: number;
                                issued: number;
                                tiers: string[];
                            }[];
                        };
                    };
                };
                /** @description A problem document, among them `event.not_found`, `event.state_conflict`. */
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
    "/admin/v1/events/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel an event; later money is owed back */
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
                            slug: string;
                            title: string;
                            /** @enum {string} */
                            status: "draft" | "on_sale" | "closed" | "cancelled";
                            currency: string;
                            venue: string;
                            /** Format: date-time */
                            starts_at: string;
                            /** Format: date-time */
                            ends_at: string;
                            max_per_buyer: number | null;
                            reminder_hours_before: number | null;
                            tiers: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                price_cents: number;
                                capacity: number;
                                reserved: number;
                                issued: number;
                                available: number;
                                closed: boolean;
                                hidden: boolean;
                            }[];
                            pools: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                capacity: number;
                                reserved: number;
                                issued: number;
                                tiers: string[];
                            }[];
                        };
                    };
                };
                /** @description A problem document, among them `event.not_found`, `event.state_conflict`. */
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
    "/admin/v1/events/{id}/details": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change what an event is, where and when; everybody with a ticket is told */
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
                     *       "title": "Opening Night",
                     *       "venue": "The New Power Station",
                     *       "starts_at": "2031-05-02T20:00:00+02:00",
                     *       "ends_at": "2031-05-02T23:00:00+02:00"
                     *     }
                     */
                    "application/json": {
                        title: string;
                        venue: string;
                        /** Format: date-time */
                        starts_at: string;
                        /** Format: date-time */
                        ends_at: string;
                        /** @default true */
                        notify?: boolean;
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
                            slug: string;
                            title: string;
                            /** @enum {string} */
                            status: "draft" | "on_sale" | "closed" | "cancelled";
                            currency: string;
                            venue: string;
                            /** Format: date-time */
                            starts_at: string;
                            /** Format: date-time */
                            ends_at: string;
                            max_per_buyer: number | null;
                            reminder_hours_before: number | null;
                            tiers: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                price_cents: number;
                                capacity: number;
                                reserved: number;
                                issued: number;
                                available: number;
                                closed: boolean;
                                hidden: boolean;
                            }[];
                            pools: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                capacity: number;
                                reserved: number;
                                issued: number;
                                tiers: string[];
                            }[];
                        };
                    };
                };
                /** @description A problem document, among them `event.not_found`, `event.times_invalid`, `event.state_conflict`. */
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
    "/admin/v1/events/{id}/reminder": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change how long before the beginning people are reminded */
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
                     *       "hours_before": 48
                     *     }
                     */
                    "application/json": {
                        hours_before: number | null;
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
                            slug: string;
                            title: string;
                            /** @enum {string} */
                            status: "draft" | "on_sale" | "closed" | "cancelled";
                            currency: string;
                            venue: string;
                            /** Format: date-time */
                            starts_at: string;
                            /** Format: date-time */
                            ends_at: string;
                            max_per_buyer: number | null;
                            reminder_hours_before: number | null;
                            tiers: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                price_cents: number;
                                capacity: number;
                                reserved: number;
                                issued: number;
                                available: number;
                                closed: boolean;
                                hidden: boolean;
                            }[];
                            pools: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                capacity: number;
                                reserved: number;
                                issued: number;
                                tiers: string[];
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
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/events/{id}/buyer-limit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change how many tickets one buyer may have, in all orders together */
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
                     *       "max_per_buyer": 8
                     *     }
                     */
                    "application/json": {
                        max_per_buyer: number | null;
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
                            slug: string;
                            title: string;
                            /** @enum {string} */
                            status: "draft" | "on_sale" | "closed" | "cancelled";
                            currency: string;
                            venue: string;
                            /** Format: date-time */
                            starts_at: string;
                            /** Format: date-time */
                            ends_at: string;
                            max_per_buyer: number | null;
                            reminder_hours_before: number | null;
                            tiers: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                price_cents: number;
                                capacity: number;
                                reserved: number;
                                issued: number;
                                available: number;
                                closed: boolean;
                                hidden: boolean;
                            }[];
                            pools: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                capacity: number;
                                reserved: number;
                                issued: number;
                                tiers: string[];
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
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/tiers/{id}/capacity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change how many the tier may sell */
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
                     *       "capacity": 400
                     *     }
                     */
                    "application/json": {
                        capacity: number;
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
                            slug: string;
                            title: string;
                            /** @enum {string} */
                            status: "draft" | "on_sale" | "closed" | "cancelled";
                            currency: string;
                            venue: string;
                            /** Format: date-time */
                            starts_at: string;
                            /** Format: date-time */
                            ends_at: string;
                            max_per_buyer: number | null;
                            reminder_hours_before: number | null;
                            tiers: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                price_cents: number;
                                capacity: number;
                                reserved: number;
                                issued: number;
                                available: number;
                                closed: boolean;
                                hidden: boolean;
                            }[];
                            pools: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                capacity: number;
                                reserved: number;
                                issued: number;
                                tiers: string[];
                            }[];
                        };
                    };
                };
                /** @description A problem document, among them `event.not_found`, `inventory.below_taken`. */
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
    "/admin/v1/pools/{id}/capacity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change how many the pool may sell */
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
                     *       "capacity": 400
                     *     }
                     */
                    "application/json": {
                        capacity: number;
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
                            slug: string;
                            title: string;
                            /** @enum {string} */
                            status: "draft" | "on_sale" | "closed" | "cancelled";
                            currency: string;
                            venue: string;
                            /** Format: date-time */
                            starts_at: string;
                            /** Format: date-time */
                            ends_at: string;
                            max_per_buyer: number | null;
                            reminder_hours_before: number | null;
                            tiers: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                price_cents: number;
                                capacity: number;
                                reserved: number;
                                issued: number;
                                available: number;
                                closed: boolean;
                                hidden: boolean;
                            }[];
                            pools: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                capacity: number;
                                reserved: number;
                                issued: number;
                                tiers: string[];
                            }[];
                        };
                    };
                };
                /** @description A problem document, among them `event.not_found`, `inventory.below_taken`. */
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
    "/admin/v1/tiers/{id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the sale of one tier */
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
                            slug: string;
                            title: string;
                            /** @enum {string} */
                            status: "draft" | "on_sale" | "closed" | "cancelled";
                            currency: string;
                            venue: string;
                            /** Format: date-time */
                            starts_at: string;
                            /** Format: date-time */
                            ends_at: string;
                            max_per_buyer: number | null;
                            reminder_hours_before: number | null;
                            tiers: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                price_cents: number;
                                capacity: number;
                                reserved: number;
                                issued: number;
                                available: number;
                                closed: boolean;
                                hidden: boolean;
                            }[];
                            pools: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                capacity: number;
                                reserved: number;
                                issued: number;
                                tiers: string[];
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
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/tiers/{id}/reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Resume the sale of one tier */
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
                            slug: string;
                            title: string;
                            /** @enum {string} */
                            status: "draft" | "on_sale" | "closed" | "cancelled";
                            currency: string;
                            venue: string;
                            /** Format: date-time */
                            starts_at: string;
                            /** Format: date-time */
                            ends_at: string;
                            max_per_buyer: number | null;
                            reminder_hours_before: number | null;
                            tiers: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                price_cents: number;
                                capacity: number;
                                reserved: number;
                                issued: number;
                                available: number;
                                closed: boolean;
                                hidden: boolean;
                            }[];
                            pools: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                capacity: number;
                                reserved: number;
                                issued: number;
                                tiers: string[];
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
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/events/{id}/refund-policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change what buyers may give back by themselves */
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
                     *       "allowed": true,
                     *       "until_hours_before_start": 48,
                     *       "kept_percent": 10
                     *     }
                     */
                    "application/json": {
                        allowed: boolean;
                        /** @default 0 */
                        until_hours_before_start?: number;
                        /** @default 0 */
                        kept_percent?: number;
                        /** @default 0 */
                        kept_cents_per_ticket?: number;
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
                            slug: string;
                            title: string;
                            /** @enum {string} */
                            status: "draft" | "on_sale" | "closed" | "cancelled";
                            currency: string;
                            venue: string;
                            /** Format: date-time */
                            starts_at: string;
                            /** Format: date-time */
                            ends_at: string;
                            max_per_buyer: number | null;
                            reminder_hours_before: number | null;
                            tiers: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                price_cents: number;
                                capacity: number;
                                reserved: number;
                                issued: number;
                                available: number;
                                closed: boolean;
                                hidden: boolean;
                            }[];
                            pools: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                capacity: number;
                                reserved: number;
                                issued: number;
                                tiers: string[];
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
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/events/{id}/transfer-policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change whether holders may pass tickets on or give them back, until when and how often */
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
                     *       "allowed": true,
                     *       "until_hours_before_start": 2
                     *     }
                     */
                    "application/json": {
                        allowed: boolean;
                        /** @default 0 */
                        until_hours_before_start?: number;
                        /** @default 5 */
                        max_per_ticket?: number;
                        /** @default false */
                        returns_allowed?: boolean;
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
                            allowed: boolean;
                            /** Format: date-time */
                            until: string;
                            max_per_ticket: number;
                            returns_allowed: boolean;
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
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/events/{id}/promo-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Promo codes of an event, newest first */
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
                            promo_codes: {
                                /** Format: uuid */
                                id: string;
                                /** Format: uuid */
                                event: string;
                                code: string;
                                tiers: string[];
                                starts_at: string | null;
                                ends_at: string | null;
                                used: number;
                                disabled_at: string | null;
                                /** Format: date-time */
                                created_at: string;
                                discount: {
                                    percent: number;
                                } | {
                                    amount_cents: number;
                                };
                                max_redemptions: number | null;
                                max_per_buyer: number | null;
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
        /** Make a promo code of an event */
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
                     *       "code": "EARLY",
                     *       "discount": {
                     *         "percent": 20
                     *       },
                     *       "max_redemptions": 100
                     *     }
                     */
                    "application/json": {
                        code: string;
                        discount: {
                            percent: number;
                        } | {
                            amount_cents: number;
                        };
                        /** @default [] */
                        tiers?: string[];
                        /** Format: date-time */
                        starts_at?: string;
                        /** Format: date-time */
                        ends_at?: string;
                        max_redemptions?: number;
                        max_per_buyer?: number;
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
                            event: string;
                            code: string;
                            tiers: string[];
                            starts_at: string | null;
                            ends_at: string | null;
                            used: number;
                            disabled_at: string | null;
                            /** Format: date-time */
                            created_at: string;
                            discount: {
                                percent: number;
                            } | {
                                amount_cents: number;
                            };
                            max_redemptions: number | null;
                            max_per_buyer: number | null;
                        };
                    };
                };
                /** @description A problem document, among them `event.not_found`, `tier.not_found`, `code.taken`, `code.times_invalid`, `promo.amount_not_chargeable`. */
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
    "/admin/v1/promo-codes/{id}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a promo code out of use; orders that have it keep it */
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
                            /** Format: uuid */
                            event: string;
                            code: string;
                            tiers: string[];
                            starts_at: string | null;
                            ends_at: string | null;
                            used: number;
                            disabled_at: string | null;
                            /** Format: date-time */
                            created_at: string;
                            discount: {
                                percent: number;
                            } | {
                                amount_cents: number;
                            };
                            max_redemptions: number | null;
                            max_per_buyer: number | null;
                        };
                    };
                };
                /** @description A problem document, among them `promo.not_found`. */
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
    "/admin/v1/events/{id}/access-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Access codes of an event, newest first */
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
                            access_codes: {
                                /** Format: uuid */
                                id: string;
                                /** Format: uuid */
                                event: string;
                                code: string;
                                tiers: string[];
                                starts_at: string | null;
                                ends_at: string | null;
                                used: number;
                                disabled_at: string | null;
                                /** Format: date-time */
                                created_at: string;
                                max_uses: number | null;
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
        /** Make a code that shows hidden tiers of an event */
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
                     *       "code": "BACKSTAGE",
                     *       "tiers": [
                     *         "01990000-0000-7000-8000-000000000001"
                     *       ],
                     *       "max_uses": 20
                     *     }
                     */
                    "application/json": {
                        code: string;
                        tiers: string[];
                        /** Format: date-time */
                        starts_at?: string;
                        /** Format: date-time */
                        ends_at?: string;
                        max_uses?: number;
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
                            event: string;
                            code: string;
                            tiers: string[];
                            starts_at: string | null;
                            ends_at: string | null;
                            used: number;
                            disabled_at: string | null;
                            /** Format: date-time */
                            created_at: string;
                            max_uses: number | null;
                        };
                    };
                };
                /** @description A problem document, among them `event.not_found`, `tier.not_found`, `code.taken`, `code.times_invalid`. */
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
    "/admin/v1/access-codes/{id}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take an access code out of use; holds that it let through stay good */
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
                            /** Format: uuid */
                            event: string;
                            code: string;
                            tiers: string[];
                            starts_at: string | null;
                            ends_at: string | null;
                            used: number;
                            disabled_at: string | null;
                            /** Format: date-time */
                            created_at: string;
                            max_uses: number | null;
                        };
                    };
                };
                /** @description A problem document, among them `access_code.not_found`. */
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
    "/admin/v1/events/{id}/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Devices of an event */
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
                            devices: {
                                /** Format: uuid */
                                id: string;
                                /** Format: uuid */
                                event: string;
                                gate: string;
                                label: string;
                                /** @enum {string} */
                                role: "scanner" | "supervisor";
                                tiers: string[];
                                /** Format: date-time */
                                created_at: string;
                                revoked_at: string | null;
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
        /** Make a device for a gate; its key is shown this once */
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
                     *       "gate": "North",
                     *       "label": "Phone 1"
                     *     }
                     */
                    "application/json": {
                        gate: string;
                        label: string;
                        /**
                         * @default scanner
                         * @enum {string}
                         */
                        role?: "scanner" | "supervisor";
                        /** @default [] */
                        tiers?: string[];
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
                            event: string;
                            gate: string;
                            label: string;
                            /** @enum {string} */
                            role: "scanner" | "supervisor";
                            tiers: string[];
                            /** Format: date-time */
                            created_at: string;
                            revoked_at: string | null;
                            key: string;
                        };
                    };
                };
                /** @description A problem document, among them `event.not_found`, `tier.not_found`. */
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
    "/admin/v1/devices/{id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a device out of use, within a second */
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
                            /** Format: uuid */
                            event: string;
                            gate: string;
                            label: string;
                            /** @enum {string} */
                            role: "scanner" | "supervisor";
                            tiers: string[];
                            /** Format: date-time */
                            created_at: string;
                            revoked_at: string | null;
                        };
                    };
                };
                /** @description A problem document, among them `device.not_found`. */
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
    "/admin/v1/events/{id}/door": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who came in, gate by gate */
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
                            /** Format: date-time */
                            as_of: string;
                            gates: {
                                gate: string;
                                admitted: number;
                                inside: number;
                                refused: number;
                                conflicts: number;
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
        /** When the doors open, and whether who left may come back */
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
                     *       "opens_minutes_before": 120,
                     *       "allows_reentry": true
                     *     }
                     */
                    "application/json": {
                        /** @default 720 */
                        opens_minutes_before?: number;
                        /** @default false */
                        allows_reentry?: boolean;
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
                            opens_minutes_before: number;
                            allows_reentry: boolean;
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
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/events/{id}/keys/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign codes with a new key from now on; those that are out stay good */
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
                            /** @enum {string} */
                            status: "rotated";
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
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/events/{id}/complimentary-orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give tickets away
         * @description Up to 10,000 of one tier, counted against its capacity and at zero in the books. The buyer gets one mail with a link to all of them.
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
                     *       "tier": "0199a000-0000-7000-8000-000000000001",
                     *       "quantity": 2,
                     *       "buyer": {
                     *         "name": "Ada Lovelace",
                     *         "email": "delivered@resend.dev"
                     *       },
                     *       "holders": [
                     *         "Ada Lovelace",
                     *         "Grace Hopper"
                     *       ],
                     *       "reason": "guests of the band"
                     *     }
                     */
                    "application/json": {
                        /** Format: uuid */
                        tier: string;
                        quantity: number;
                        buyer: {
                            name: string;
                            /** Format: email */
                            email: string;
                        };
                        /** @default [] */
                        holders?: string[];
                        reason: string;
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
                            number: string;
                            /** @enum {string} */
                            status: "pending" | "paid" | "fulfilled" | "expired" | "cancelled";
                            quantity: number;
                        };
                    };
                };
                /** @description A problem document, among them `event.not_found`, `event.state_conflict`, `tier.not_found`, `inventory.sold_out`, `order.holders_do_not_fit`, `idempotency.key_missing`, `idempotency.key_invalid`, `idempotency.key_reused`. */
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
    "/admin/v1/events/{id}/guests.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who has a ticket, as a table */
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
                        "text/csv": string;
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
    "/admin/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find orders
         * @description By number, id, the address or words of the name of who bought or holds a ticket, the serial of a ticket, or an id of Stripe. The newest first, 50 at most, and whether there are more; of a name that very many have, those 50 need not be the newest. Words of a name may be how it begins; where as many have them as they are, those alone are found.
         */
        get: {
            parameters: {
                query: {
                    query: string;
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
                            /** @description Whether there are more than these, or may be. */
                            is_cut: boolean;
                            orders: {
                                /** Format: uuid */
                                id: string;
                                number: string;
                                status: string;
                                total_cents: number;
                                currency: string;
                                /** Format: date-time */
                                created_at: string;
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
    "/admin/v1/orders/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The whole story of an order */
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
                            number: string;
                            status: string;
                            buyer: {
                                name: string | null;
                                email: string | null;
                            };
                            promo_code: string | null;
                            discount_cents: number;
                            total_cents: number;
                            currency: string;
                            /** Format: date-time */
                            created_at: string;
                            items: {
                                /** Format: uuid */
                                tier: string;
                                name: string;
                                quantity: number;
                                unit_price_cents: number;
                                discount_cents: number;
                            }[];
                            tickets: {
                                /** Format: uuid */
                                id: string;
                                serial: string;
                                status: string;
                            }[];
                            holds: {
                                [key: string]: unknown;
                            }[];
                            attempts: {
                                [key: string]: unknown;
                            }[];
                            payments: {
                                [key: string]: unknown;
                            }[];
                            refunds: {
                                [key: string]: unknown;
                            }[];
                            disputes: {
                                [key: string]: unknown;
                            }[];
                            emails: {
                                [key: string]: unknown;
                            }[];
                            events: {
                                [key: string]: unknown;
                            }[];
                            mail_events: {
                                [key: string]: unknown;
                            }[];
                            messages: {
                                [key: string]: unknown;
                            }[];
                            transfers: {
                                [key: string]: unknown;
                            }[];
                            scans: {
                                [key: string]: unknown;
                            }[];
                            incidents: {
                                [key: string]: unknown;
                            }[];
                            acts: {
                                [key: string]: unknown;
                            }[];
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
    "/admin/v1/orders/{id}/transfers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who held the tickets of an order, one after the other */
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
                            transfers: {
                                /** Format: uuid */
                                id: string;
                                /** Format: uuid */
                                ticket: string;
                                /** @enum {string} */
                                state: "offered" | "accepted" | "declined" | "withdrawn" | "lapsed";
                                from_name: string | null;
                                to_name: string | null;
                                to_email: string | null;
                                /** Format: date-time */
                                created_at: string;
                                ended_at: string | null;
                            }[];
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
    "/admin/v1/orders/{id}/ensure-tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Finish an order
         * @description A paid order gets its tickets; an unpaid one is settled by what Stripe says.
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
                            /** Format: uuid */
                            order: string;
                            /** @enum {string} */
                            status: "queued";
                        };
                    };
                };
                /** @description A problem document, among them `order.not_found`, `order.not_paid`. */
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
    "/admin/v1/orders/{id}/correct-address": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give an order another address, and mail its tickets there
         * @description Repeating it with the address that the order has by now mails nothing.
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
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            order: string;
                            /** @enum {string} */
                            status: "queued";
                        };
                    };
                };
                /** @description A problem document, among them `order.not_found`, `order.erased`, `email.too_many`. */
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
    "/admin/v1/orders/{id}/resend-confirmation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mail the tickets again, to the address of the order
         * @description Under an idempotency key that was seen before nothing is mailed.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description A fresh UUID; repeat it when you retry the same request. */
                    "idempotency-key"?: string;
                };
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
                            /** Format: uuid */
                            order: string;
                            /** @enum {string} */
                            status: "queued";
                        };
                    };
                };
                /** @description A problem document, among them `order.not_found`, `order.erased`, `order.not_paid`, `email.too_many`. */
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
    "/admin/v1/orders/{id}/refunds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Refunds of an order, oldest first */
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
                            refunds: {
                                /** Format: uuid */
                                id: string;
                                /** Format: uuid */
                                order: string;
                                /** @enum {string} */
                                kind: "whole" | "tickets" | "amount" | "disposition" | "external" | "event_cancelled" | "buyer";
                                /** @enum {string} */
                                status: "requested" | "submitted" | "succeeded" | "failed" | "cancelled";
                                amount_cents: number;
                                currency: string;
                                reason: string;
                                tickets: string[];
                                failure: string | null;
                                stripe_refund_id: string | null;
                                wallet: string | null;
                                part_of: string | null;
                                /** Format: date-time */
                                created_at: string;
                            }[];
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
        /**
         * Refund an order, tickets of it, or an amount
         * @description Tickets are dead at the door at once and their seats free; the money follows, to where it came from: what a card and a wallet paid together is given back as two refunds, the second `part_of` the first. `to: wallet` makes it store credit of the buyer at once. Without `tickets` and `amount_cents` all that is left is given back; of a paid order whose tickets were never issued nothing else can be, and it is cancelled with that.
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
                     *       "reason": "The buyer is ill."
                     *     }
                     */
                    "application/json": {
                        tickets?: string[];
                        amount_cents?: number;
                        /**
                         * @default origin
                         * @enum {string}
                         */
                        to?: "origin" | "wallet";
                        /** @default false */
                        even_admitted?: boolean;
                        reason: string;
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
                            order: string;
                            /** @enum {string} */
                            kind: "whole" | "tickets" | "amount" | "disposition" | "external" | "event_cancelled" | "buyer";
                            /** @enum {string} */
                            status: "requested" | "submitted" | "succeeded" | "failed" | "cancelled";
                            amount_cents: number;
                            currency: string;
                            reason: string;
                            tickets: string[];
                            failure: string | null;
                            stripe_refund_id: string | null;
                            wallet: string | null;
                            part_of: string | null;
                            /** Format: date-time */
                            created_at: string;
                        };
                    };
                };
                /** @description A problem document, among them `order.not_found`, `order.not_paid`, `order.not_issued`, `order.disputed`, `ticket.not_found`, `ticket.already_refunded`, `ticket.admitted`, `refund.more_than_left`, `refund.amount_not_chargeable`, `refund.nothing_left`, `wallet.not_found`, `idempotency.key_missing`, `idempotency.key_invalid`, `idempotency.key_reused`. */
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
    "/admin/v1/refunds/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give back the money of a refund that failed
         * @description With `?to=wallet` it becomes store credit of the buyer, which cannot fail.
         */
        post: {
            parameters: {
                query?: {
                    to?: "origin" | "wallet";
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
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** Format: uuid */
                            order: string;
                            /** @enum {string} */
                            kind: "whole" | "tickets" | "amount" | "disposition" | "external" | "event_cancelled" | "buyer";
                            /** @enum {string} */
                            status: "requested" | "submitted" | "succeeded" | "failed" | "cancelled";
                            amount_cents: number;
                            currency: string;
                            reason: string;
                            tickets: string[];
                            failure: string | null;
                            stripe_refund_id: string | null;
                            wallet: string | null;
                            part_of: string | null;
                            /** Format: date-time */
                            created_at: string;
                        };
                    };
                };
                /** @description A problem document, among them `refund.not_found`, `refund.not_failed`, `order.disputed`. */
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
    "/admin/v1/events/{id}/refunds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far the refunds of a cancelled event are */
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
                            orders: number;
                            requested: number;
                            submitted: number;
                            succeeded: number;
                            failed: number;
                            left_orders: number;
                            in_review: number;
                            amount_cents: number;
                            refunded_cents: number;
                            done: boolean;
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
    "/admin/v1/refunds/{id}/allot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say which tickets a refund was of that was made at Stripe */
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
                     *       "tickets": []
                     *     }
                     */
                    "application/json": {
                        tickets: string[];
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
                            refunds: {
                                /** Format: uuid */
                                id: string;
                                /** Format: uuid */
                                order: string;
                                /** @enum {string} */
                                kind: "whole" | "tickets" | "amount" | "disposition" | "external" | "event_cancelled" | "buyer";
                                /** @enum {string} */
                                status: "requested" | "submitted" | "succeeded" | "failed" | "cancelled";
                                amount_cents: number;
                                currency: string;
                                reason: string;
                                tickets: string[];
                                failure: string | null;
                                stripe_refund_id: string | null;
                                wallet: string | null;
                                part_of: string | null;
                                /** Format: date-time */
                                created_at: string;
                            }[];
                        };
                    };
                };
                /** @description A problem document, among them `refund.not_found`, `refund.not_open`, `ticket.not_found`, `ticket.already_refunded`. */
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
    "/admin/v1/refunds/{id}/write-off": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decide that the money of a failed refund is not paid */
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
                     *       "reason": "Nobody answers."
                     *     }
                     */
                    "application/json": {
                        reason: string;
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
                            refunds: {
                                /** Format: uuid */
                                id: string;
                                /** Format: uuid */
                                order: string;
                                /** @enum {string} */
                                kind: "whole" | "tickets" | "amount" | "disposition" | "external" | "event_cancelled" | "buyer";
                                /** @enum {string} */
                                status: "requested" | "submitted" | "succeeded" | "failed" | "cancelled";
                                amount_cents: number;
                                currency: string;
                                reason: string;
                                tickets: string[];
                                failure: string | null;
                                stripe_refund_id: string | null;
                                wallet: string | null;
                                part_of: string | null;
                                /** Format: date-time */
                                created_at: string;
                            }[];
                        };
                    };
                };
                /** @description A problem document, among them `refund.not_found`, `refund.not_open`. */
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
    "/admin/v1/payments/{id}/refund": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give money back that does not match what was asked for */
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
                     *       "reason": "Nobody answers."
                     *     }
                     */
                    "application/json": {
                        reason: string;
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
                            refunds: {
                                /** Format: uuid */
                                id: string;
                                /** Format: uuid */
                                order: string;
                                /** @enum {string} */
                                kind: "whole" | "tickets" | "amount" | "disposition" | "external" | "event_cancelled" | "buyer";
                                /** @enum {string} */
                                status: "requested" | "submitted" | "succeeded" | "failed" | "cancelled";
                                amount_cents: number;
                                currency: string;
                                reason: string;
                                tickets: string[];
                                failure: string | null;
                                stripe_refund_id: string | null;
                                wallet: string | null;
                                part_of: string | null;
                                /** Format: date-time */
                                created_at: string;
                            }[];
                        };
                    };
                };
                /** @description A problem document, among them `payment.not_found`, `payment.not_open`. */
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
    "/admin/v1/disputes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Disputes, those to answer first */
        get: {
            parameters: {
                query?: never;
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
                            disputes: {
                                id: string;
                                order: string | null;
                                /** @enum {string} */
                                phase: "inquiry" | "open" | "won" | "lost";
                                status: string;
                                reason: string;
                                amount_cents: number;
                                currency: string;
                                due_by: string | null;
                                /** Format: date-time */
                                created_at: string;
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
    "/admin/v1/disputes/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A dispute with what our own data say to the bank
         * @description For a person to send: nothing is sent by itself.
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
                            id: string;
                            order: string | null;
                            /** @enum {string} */
                            phase: "inquiry" | "open" | "won" | "lost";
                            status: string;
                            reason: string;
                            amount_cents: number;
                            currency: string;
                            due_by: string | null;
                            /** Format: date-time */
                            created_at: string;
                            evidence: {
                                customer_name: string | null;
                                customer_email_address: string | null;
                                /** Format: date-time */
                                service_date: string;
                                product_description: string;
                                customer_communication: {
                                    kind: string;
                                    status: string;
                                    sent_at: string | null;
                                }[];
                                tickets: {
                                    serial: string;
                                    tier: string;
                                    status: string;
                                }[];
                                /** Format: date-time */
                                bought_at: string;
                            };
                        };
                    };
                };
                /** @description A problem document, among them `dispute.not_found`. */
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
    "/admin/v1/disputes/{id}/allot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say which tickets end with the part that was lost; the others are good again */
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
                     *       "tickets": []
                     *     }
                     */
                    "application/json": {
                        tickets: string[];
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
                            disputes: {
                                id: string;
                                order: string | null;
                                /** @enum {string} */
                                phase: "inquiry" | "open" | "won" | "lost";
                                status: string;
                                reason: string;
                                amount_cents: number;
                                currency: string;
                                due_by: string | null;
                                /** Format: date-time */
                                created_at: string;
                            }[];
                        };
                    };
                };
                /** @description A problem document, among them `dispute.not_found`, `dispute.not_open`, `ticket.not_found`, `ticket.already_refunded`. */
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
    "/admin/v1/wallets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Wallets, newest first; of one person with `email` */
        get: {
            parameters: {
                query?: {
                    email?: string;
                    kind?: "buyer" | "organization";
                    before?: string;
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
                            wallets: {
                                /** Format: uuid */
                                id: string;
                                /** @enum {string} */
                                kind: "buyer" | "organization";
                                email: string | null;
                                currency: string;
                                balance_cents: number;
                                escrow_cents: number;
                                /** Format: date-time */
                                created_at: string;
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
        /** Open a wallet; one that is open already is answered as it is */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "kind": "buyer",
                     *       "email": "delivered@resend.dev",
                     *       "currency": "eur"
                     *     }
                     */
                    "application/json": {
                        /** @enum {string} */
                        kind: "buyer";
                        /** Format: email */
                        email: string;
                        currency: string;
                    } | {
                        /** @enum {string} */
                        kind: "organization";
                        /** Format: email */
                        email?: string;
                        currency: string;
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
                            /** @enum {string} */
                            kind: "buyer" | "organization";
                            email: string | null;
                            currency: string;
                            balance_cents: number;
                            escrow_cents: number;
                            /** Format: date-time */
                            created_at: string;
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
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/wallets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A wallet with what moved its balance */
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
                            kind: "buyer" | "organization";
                            email: string | null;
                            currency: string;
                            balance_cents: number;
                            escrow_cents: number;
                            /** Format: date-time */
                            created_at: string;
                            entries: {
                                /** Format: uuid */
                                id: string;
                                /** @enum {string} */
                                kind: "refund" | "grant" | "credits" | "passed_on" | "escrowed" | "given_back";
                                amount_cents: number;
                                invoice: string | null;
                                order: string | null;
                                reason: string | null;
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
    "/admin/v1/wallets/{id}/credits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put money into a wallet, once an invoice
         * @description Its owner is told by mail. The same invoice with the same amount is the same credit, however often it is sent.
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
                     *       "invoice": "goodwill-17",
                     *       "amount_cents": 1000,
                     *       "reason": "The hall was cold."
                     *     }
                     */
                    "application/json": {
                        invoice: string;
                        amount_cents: number;
                        /**
                         * @default grant
                         * @enum {string}
                         */
                        from?: "grant" | "organization_credits";
                        reason: string;
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
                            /** @enum {string} */
                            kind: "buyer" | "organization";
                            email: string | null;
                            currency: string;
                            balance_cents: number;
                            escrow_cents: number;
                            /** Format: date-time */
                            created_at: string;
                            entries: {
                                /** Format: uuid */
                                id: string;
                                /** @enum {string} */
                                kind: "refund" | "grant" | "credits" | "passed_on" | "escrowed" | "given_back";
                                amount_cents: number;
                                invoice: string | null;
                                order: string | null;
                                reason: string | null;
                                /** Format: date-time */
                                at: string;
                            }[];
                        };
                    };
                };
                /** @description A problem document, among them `wallet.not_found`, `wallet.invoice_used`, `wallet.too_little`. */
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
    "/admin/v1/wallets/{id}/token-mail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mail the owner the token of their wallet, a new one if the old is in wrong hands */
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
                     *       "revoke": true
                     *     }
                     */
                    "application/json": {
                        /** @default false */
                        revoke?: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            kind: "buyer" | "organization";
                            email: string | null;
                            currency: string;
                            balance_cents: number;
                            escrow_cents: number;
                            /** Format: date-time */
                            created_at: string;
                        };
                    };
                };
                /** @description A problem document, among them `wallet.not_found`, `wallet.no_address`. */
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
    "/admin/v1/health-snapshot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The state of the organization in a few numbers
         * @description Orders, tickets and money as they are now. `unexplained_cents` is money that came and is neither tickets, given back nor owed, or tickets whose money never came: it should be 0.
         */
        get: {
            parameters: {
                query?: never;
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
                            orders_paid: number;
                            tickets_issued: number;
                            reserved_holds: number;
                            reserved_seats: number;
                            duplicates: number;
                            failed_payments: number;
                            accounting_matches: boolean;
                            money: {
                                currency: string;
                                revenue_cents: number;
                                refunded_cents: number;
                                refund_open_cents: number;
                                owed_cents: number;
                                fees_cents: number;
                                unexplained_cents: number;
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
    "/admin/v1/books": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What stands in each account of the ledger, of all events or of one
         * @description Debits above zero, credits below; docs/ledger.md says what the accounts are.
         */
        get: {
            parameters: {
                query?: {
                    event?: string;
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
                            balances: {
                                account: string;
                                currency: string;
                                balance_cents: number;
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
    "/admin/v1/books/entries.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The ledger as a table for accountants, by day and payout */
        get: {
            parameters: {
                query: {
                    from: string;
                    until: string;
                };
                header?: never;
                path?: never;
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
                        "text/csv": string;
                    };
                };
                /** @description A problem document, among them `export.period_invalid`. */
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
    "/admin/v1/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is wrong now, and what was within a day
         * @description For the organization that looks after the machine; for others the list is empty. docs/runbook.md says what to do about each.
         */
        get: {
            parameters: {
                query?: never;
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
                            alerts: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                /** @enum {string} */
                                severity: "page" | "ticket";
                                summary: string;
                                runbook: string;
                                /** @enum {string} */
                                state: "firing" | "cleared";
                                /** Format: date-time */
                                fired_at: string;
                                cleared_at: string | null;
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
    "/admin/v1/incidents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What needs a person, oldest first */
        get: {
            parameters: {
                query?: never;
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
                            incidents: {
                                /** Format: uuid */
                                id: string;
                                kind: string;
                                object_type: string;
                                object_id: string;
                                message: string;
                                details: {
                                    [key: string]: unknown;
                                };
                                /** Format: date-time */
                                opened_at: string;
                                seen: number;
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
    "/admin/v1/incidents/{id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say that an incident is dealt with */
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
                     *       "note": "Refunded in the Dashboard."
                     *     }
                     */
                    "application/json": {
                        note: string;
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
                            /** @enum {string} */
                            status: "resolved";
                        };
                    };
                };
                /** @description A problem document, among them `incident.not_found`. */
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
    "/admin/v1/messages/dead": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Jobs that will not be tried again by themselves */
        get: {
            parameters: {
                query?: never;
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
                            messages: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                order: string | null;
                                error: string | null;
                                /** Format: date-time */
                                created_at: string;
                                /** Format: date-time */
                                dead_at: string;
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
    "/admin/v1/messages/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try a dead job again: its cause was mended */
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
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            status: "queued";
                        };
                    };
                };
                /** @description A problem document, among them `message.not_found`. */
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
    "/admin/v1/mail-delivery": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How mails fared, by kind and hour */
        get: {
            parameters: {
                query?: {
                    hours?: number;
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
                            hours: number;
                            kinds: {
                                kind: string;
                                sent: number;
                                delivered: number;
                                lost: number;
                                waiting: number;
                            }[];
                            by_hour: {
                                /** Format: date-time */
                                hour: string;
                                kind: string;
                                sent: number;
                                delivered: number;
                                lost: number;
                                waiting: number;
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
    "/admin/v1/organization": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The organization that the caller belongs to */
        get: {
            parameters: {
                query?: never;
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
                            /** Format: uuid */
                            id: string;
                            slug: string;
                            name: string;
                            contact_email: string | null;
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
        /** Rename the organization, and say where mails to it go */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "name": "The Old Power Station",
                     *       "contact_email": "house@example.com"
                     *     }
                     */
                    "application/json": {
                        name: string;
                        contact_email?: string | null;
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
                            slug: string;
                            name: string;
                            contact_email: string | null;
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
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/audit-log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who did what, latest first */
        get: {
            parameters: {
                query?: {
                    before?: number;
                    action?: string;
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
                            entries: {
                                id: number;
                                /** Format: date-time */
                                at: string;
                                actor_type: string;
                                actor_id: string;
                                actor: string | null;
                                action: string;
                                object_type: string;
                                object_id: string;
                                facts: {
                                    [key: string]: unknown;
                                };
                                details: {
                                    [key: string]: unknown;
                                } | null;
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
    "/admin/v1/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who may log in */
        get: {
            parameters: {
                query?: never;
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
                            people: {
                                /** Format: uuid */
                                id: string;
                                email: string;
                                name: string;
                                /** @enum {string} */
                                role: "owner" | "support" | "finance" | "door" | "read_only";
                                has_password: boolean;
                                has_code: boolean;
                                /** Format: date-time */
                                created_at: string;
                                seen_at: string | null;
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
        /**
         * Let somebody in
         * @description The link is for them alone: they choose their password there. It works once and is shown this once.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "email": "grace@example.com",
                     *       "name": "Grace Hopper",
                     *       "role": "support"
                     *     }
                     */
                    "application/json": {
                        /** Format: email */
                        email: string;
                        name: string;
                        /** @enum {string} */
                        role: "owner" | "support" | "finance" | "door" | "read_only";
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
                            link: string;
                            /** Format: date-time */
                            expires_at: string;
                        };
                    };
                };
                /** @description A problem document, among them `person.address_taken`. */
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
    "/admin/v1/people/{id}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A new link for somebody who forgot their password */
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
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            link: string;
                            /** Format: date-time */
                            expires_at: string;
                        };
                    };
                };
                /** @description A problem document, among them `person.not_found`. */
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
    "/admin/v1/people/{id}/reset-code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take away a second factor whose device is lost
         * @description Make sure first that it is them who ask. Their sessions end.
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
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            status: "changed" | "removed";
                        };
                    };
                };
                /** @description A problem document, among them `person.not_found`, `person.oneself`. */
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
    "/admin/v1/people/{id}/role": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Give somebody another role */
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
                     *       "role": "read_only"
                     *     }
                     */
                    "application/json": {
                        /** @enum {string} */
                        role: "owner" | "support" | "finance" | "door" | "read_only";
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
                            /** @enum {string} */
                            status: "changed" | "removed";
                        };
                    };
                };
                /** @description A problem document, among them `person.not_found`, `person.last_owner`. */
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
    "/admin/v1/people/{id}/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let somebody in no more */
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
                            status: "changed" | "removed";
                        };
                    };
                };
                /** @description A problem document, among them `person.not_found`, `person.last_owner`. */
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
    "/admin/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Keys of the organization */
        get: {
            parameters: {
                query?: never;
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
                            api_keys: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                /** @enum {string} */
                                role: "owner" | "support" | "finance" | "door" | "read_only";
                                scopes: ("organization.write" | "people.write" | "events.write" | "events.read" | "door.write" | "orders.mend" | "orders.refund" | "queues.mend" | "privacy.handle" | "read")[] | null;
                                prefix: string;
                                /** Format: date-time */
                                created_at: string;
                                expires_at: string | null;
                                revoked_at: string | null;
                                last_used_at: string | null;
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
        /** Make a key; it is shown this once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "name": "Box office",
                     *       "role": "support",
                     *       "scopes": [
                     *         "read",
                     *         "orders.mend"
                     *       ]
                     *     }
                     */
                    "application/json": {
                        name: string;
                        /** @enum {string} */
                        role: "owner" | "support" | "finance" | "door" | "read_only";
                        scopes?: ("organization.write" | "people.write" | "events.write" | "events.read" | "door.write" | "orders.mend" | "orders.refund" | "queues.mend" | "privacy.handle" | "read")[];
                        /** Format: date-time */
                        expires_at?: string;
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
                            /** @enum {string} */
                            role: "owner" | "support" | "finance" | "door" | "read_only";
                            key: string;
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
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/api-keys/{id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End a key at once */
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
                            status: "revoked";
                        };
                    };
                };
                /** @description A problem document, among them `api_key.not_found`. */
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
    "/admin/v1/privacy/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * All that is kept of a person, for them
         * @description By their address. Make sure that it is theirs: whoever gets this learns what they bought.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "email": "ada@example.com"
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
                            orders: {
                                number: string;
                                status: string;
                                event: string;
                                /** Format: date-time */
                                event_starts_at: string;
                                name: string | null;
                                email: string | null;
                                locale: string;
                                currency: string;
                                total_cents: number;
                                /** Format: date-time */
                                created_at: string;
                                items: {
                                    tier: string;
                                    quantity: number;
                                    holder_names: string[];
                                }[];
                                payments: {
                                    provider: string;
                                    amount_cents: number;
                                    /** Format: date-time */
                                    at: string;
                                }[];
                                refunds: {
                                    amount_cents: number;
                                    status: string;
                                    reason: string;
                                    /** Format: date-time */
                                    at: string;
                                }[];
                                disputes: {
                                    amount_cents: number;
                                    reason: string;
                                    /** Format: date-time */
                                    at: string;
                                }[];
                            }[];
                            tickets: {
                                serial: number;
                                event: string;
                                tier: string;
                                status: string;
                                holder_name: string | null;
                                holder_email: string | null;
                                /** Format: date-time */
                                issued_at: string;
                                scans: {
                                    outcome: string;
                                    gate: string;
                                    /** Format: date-time */
                                    at: string;
                                }[];
                            }[];
                            transfers: {
                                serial: number;
                                event: string;
                                /** @enum {string} */
                                direction: "given" | "received";
                                state: string;
                                name: string | null;
                                email: string | null;
                                /** Format: date-time */
                                at: string;
                            }[];
                            wallets: {
                                email: string | null;
                                currency: string;
                                balance_cents: number;
                                entries: {
                                    kind: string;
                                    amount_cents: number;
                                    reason: string | null;
                                    /** Format: date-time */
                                    at: string;
                                }[];
                            }[];
                            mails: {
                                kind: string;
                                to: string | null;
                                subject: string | null;
                                text: string | null;
                                status: string;
                                /** Format: date-time */
                                at: string;
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
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/privacy/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Forget a person
         * @description Ids and amounts stay, so the books are the same; names, addresses and the contents of mails go, for good. While something is open with them it is refused, and `details.needs` says what. docs/personal-data.md says what Stripe and Resend keep.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "email": "ada@example.com"
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
                            /** @enum {string} */
                            status: "erased";
                            orders: number;
                            tickets: number;
                            transfers: number;
                            wallets: number;
                            mails: number;
                        };
                    };
                };
                /** @description A problem document, among them `person.still_needed`. */
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
