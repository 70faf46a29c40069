-- Whoever was erased by address or number may come late, under another id: the centre buries that sign-up by its
-- mark, and the laptop that brought it is told, with its next contact or by the receipt for its stick.

-- How far each life of a laptop's file was when it heard of an order: what it had captured by then is old,
-- whenever and by whichever way it comes. No clock tells the two apart.
CREATE TABLE hub.erase_heard (
    branch_id uuid NOT NULL,
    order_id uuid NOT NULL,
    device_id uuid NOT NULL,
    incarnation uuid NOT NULL,
    seq bigint NOT NULL,
    CONSTRAINT pk_erase_heard PRIMARY KEY (branch_id, order_id, device_id, incarnation)
);

-- Sign-ups that an order's mark took away, by the facts that began them: who delivered those has them still.
CREATE TABLE hub.erased_late (
    branch_id uuid NOT NULL,
    order_id uuid NOT NULL,
    fact_id uuid NOT NULL,
    subject_id uuid NOT NULL,
    at bigint NOT NULL,
    CONSTRAINT pk_erased_late PRIMARY KEY (branch_id, order_id, fact_id)
);

CREATE TABLE hub.erased_late_done (
    branch_id uuid NOT NULL,
    subject_id uuid NOT NULL,
    device_id uuid NOT NULL,
    at bigint NOT NULL,
    CONSTRAINT pk_erased_late_done PRIMARY KEY (branch_id, subject_id, device_id)
);

-- The key of the marks in one order. A laptop gets it only when it has itself delivered whom the order means, and
-- holds that address already; so it can check that it is told the truth, and learns of nobody else.
CREATE FUNCTION hub.order_key(b uuid, o uuid) RETURNS bytea
LANGUAGE plpgsql STABLE SET search_path = '' AS $body$
DECLARE
    secret bytea;
BEGIN
    SELECT k.key INTO STRICT secret FROM hub.mark_key k WHERE k.branch_id = b;
    RETURN hub.hmac_sha256(secret, convert_to('order:', 'UTF8') || uuid_send(o));
END
$body$;

-- As before, with three changes: what is old is told by how far the laptop was when it heard of the order, where
-- it said so; from a laptop that was enrolled later only that is new which isn't from an earlier one's copy; and
-- what went is noted, so that the laptop is told.
CREATE OR REPLACE FUNCTION office_api.bury_marked(b uuid, subjects uuid[], emails text[], phones text[])
RETURNS TABLE (subject_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
DECLARE
    gone uuid[] := '{}';
    one record;
BEGIN
    IF NOT EXISTS (SELECT FROM hub.erased_mark m WHERE m.branch_id = b) THEN
        RETURN;
    END IF;
    FOR one IN
        SELECT DISTINCT m.order_id, i.subject
        FROM ROWS FROM (unnest(subjects), unnest(emails), unnest(phones)) AS i(subject, email, phone)
        JOIN hub.erased_mark m ON m.branch_id = b
            AND m.mark IN (hub.contact_mark(b, 'email', i.email), hub.contact_mark(b, 'phone', i.phone))
        JOIN hub.erase_order o ON o.branch_id = b AND o.order_id = m.order_id
        WHERE EXISTS (SELECT FROM hub.fact f
                WHERE f.branch_id = b AND f.subject_id = i.subject AND f.kind = 'signed_up')
            AND NOT EXISTS (
                SELECT FROM hub.fact f
                JOIN hub.delivery v
                    ON v.branch_id = b AND v.fact_id = f.fact_id AND v.content_hash = f.content_hash
                JOIN hub.device d ON d.branch_id = b AND d.device_id = v.device_id
                LEFT JOIN hub.erase_heard h ON h.branch_id = b AND h.order_id = m.order_id
                    AND h.device_id = v.device_id AND h.incarnation = v.incarnation
                LEFT JOIN hub.erase_done e ON e.branch_id = b AND e.order_id = m.order_id
                    AND e.device_id = v.device_id
                WHERE f.branch_id = b AND f.subject_id = i.subject AND f.kind = 'signed_up'
                    AND (d.kind <> 'laptop'
                        OR CASE WHEN h.seq IS NULL THEN e.at < v.received_at ELSE v.seq > h.seq END
                        OR (d.created_at > o.at AND NOT EXISTS (
                            SELECT FROM hub.life l
                            JOIN hub.device x ON x.branch_id = b AND x.device_id = l.device_id
                            WHERE l.branch_id = b AND l.incarnation = v.incarnation
                                AND x.created_at <= o.at))))
        ORDER BY m.order_id, i.subject
    LOOP
        INSERT INTO hub.erased_late (branch_id, order_id, fact_id, subject_id, at)
        SELECT b, one.order_id, i.x, one.subject, hub.now_us() FROM (SELECT DISTINCT f.fact_id FROM hub.fact f
            WHERE f.branch_id = b AND f.subject_id = one.subject AND f.kind = 'signed_up') i(x)
        ORDER BY i.x
        ON CONFLICT (branch_id, order_id, fact_id) DO NOTHING;
        IF one.subject <> ALL (gone) THEN
            gone := gone || one.subject;
        END IF;
    END LOOP;
    INSERT INTO hub.tombstone (branch_id, fact_id, reason, at)
    SELECT b, x, 'mark', hub.now_us() FROM (
        SELECT u.x FROM unnest(gone) AS u(x)
        UNION
        SELECT f.fact_id FROM hub.fact f WHERE f.branch_id = b AND f.subject_id = ANY (gone)
    ) i(x) ORDER BY x
    ON CONFLICT (branch_id, fact_id) DO NOTHING;
    DELETE FROM hub.fact f WHERE f.branch_id = b AND f.subject_id = ANY (gone);
    RETURN QUERY SELECT u.x FROM unnest(gone) AS u(x);
END
$body$;

-- Whom an order's mark took away, as far as this laptop delivered them, and it doesn't say that they are gone.
CREATE FUNCTION hub.late_of(b uuid, d uuid, o uuid, known uuid[]) RETURNS uuid[]
LANGUAGE plpgsql STABLE SET search_path = '' AS $body$
BEGIN
    RETURN ARRAY(
        SELECT DISTINCT l.subject_id FROM hub.erased_late l
        JOIN hub.delivery v ON v.branch_id = b AND v.device_id = d AND v.fact_id = l.fact_id
        WHERE l.branch_id = b AND l.order_id = o AND l.subject_id <> ALL (known)
        ORDER BY l.subject_id LIMIT 1000);
END
$body$;

-- A laptop names the orders that it knows, and the late sign-ups that it has erased: a copy of its file, or one
-- that was set back, names fewer and is told again. An order that it knows comes once more when there is
-- somebody late, after all that are new to it; a laptop from before this does nothing with it.
CREATE OR REPLACE FUNCTION api.erase_orders(known uuid[])
RETURNS TABLE (order_id uuid, body bytea, signature bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
DECLARE
    b uuid;
    d uuid;
BEGIN
    SELECT c.branch, c.device INTO b, d FROM hub.caller('laptop', false) c;
    IF cardinality(known) IS NULL OR cardinality(known) > 10000 THEN
        PERFORM hub.refuse('orders_shape');
    END IF;
    RETURN QUERY SELECT o.order_id, o.body, o.signature
        FROM hub.erase_order o
        WHERE o.branch_id = b AND (o.order_id <> ALL (known) OR EXISTS (
            SELECT FROM hub.erased_late l
            JOIN hub.delivery v ON v.branch_id = b AND v.device_id = d AND v.fact_id = l.fact_id
            WHERE l.branch_id = b AND l.order_id = o.order_id AND l.subject_id <> ALL (known)))
        ORDER BY o.order_id = ANY (known), o.number, o.order_id
        LIMIT 20;
END
$body$;

CREATE FUNCTION api.erased_late(order_id uuid, known uuid[]) RETURNS TABLE (subjects uuid[], key bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
DECLARE
    b uuid;
    d uuid;
BEGIN
    SELECT c.branch, c.device INTO b, d FROM hub.caller('laptop', false) c;
    IF $1 IS NULL OR cardinality(known) IS NULL OR cardinality(known) > 10000 THEN
        PERFORM hub.refuse('orders_shape');
    END IF;
    subjects := hub.late_of(b, d, $1, known);
    IF cardinality(subjects) > 0 THEN
        key := hub.order_key(b, $1);
        RETURN NEXT;
    END IF;
END
$body$;

CREATE FUNCTION hub.note_heard(b uuid, d uuid, o uuid, incarnations uuid[], heads bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $body$
#variable_conflict use_column
DECLARE
    n integer := cardinality(incarnations);
BEGIN
    IF n IS NULL OR n > 1000 OR n IS DISTINCT FROM cardinality(heads)
        OR array_position(incarnations, NULL) IS NOT NULL
        OR EXISTS (SELECT FROM unnest(heads) AS u(x) WHERE x IS NULL OR x < 0)
        OR NOT EXISTS (SELECT FROM hub.erase_order e WHERE e.branch_id = b AND e.order_id = o)
        OR n + (SELECT count(*) FROM hub.erase_heard h
            WHERE h.branch_id = b AND h.order_id = o AND h.device_id = d) > 10000
    THEN
        PERFORM hub.refuse('heard_shape');
    END IF;
    PERFORM set_config('synchronous_commit', 'on', true);
    -- The first time counts.
    INSERT INTO hub.erase_heard (branch_id, order_id, device_id, incarnation, seq)
    SELECT b, o, d, i.incarnation, min(i.head)
    FROM ROWS FROM (unnest(incarnations), unnest(heads)) AS i(incarnation, head)
    GROUP BY i.incarnation ORDER BY i.incarnation
    ON CONFLICT (branch_id, order_id, device_id, incarnation) DO NOTHING;
END
$body$;

CREATE FUNCTION hub.note_late(b uuid, d uuid, subjects uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $body$
#variable_conflict use_column
BEGIN
    IF cardinality(subjects) IS NULL OR cardinality(subjects) > 5000 THEN
        PERFORM hub.refuse('late_shape');
    END IF;
    PERFORM set_config('synchronous_commit', 'on', true);
    INSERT INTO hub.erased_late_done (branch_id, subject_id, device_id, at)
    SELECT b, i.x, d, hub.now_us() FROM (SELECT DISTINCT l.subject_id FROM hub.erased_late l
        JOIN hub.delivery v ON v.branch_id = b AND v.device_id = d AND v.fact_id = l.fact_id
        WHERE l.branch_id = b AND l.subject_id = ANY (subjects)) i(x)
    ORDER BY i.x
    ON CONFLICT (branch_id, subject_id, device_id) DO NOTHING;
END
$body$;

CREATE FUNCTION api.erase_heard(order_id uuid, incarnations uuid[], heads bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
DECLARE
    b uuid;
    d uuid;
BEGIN
    SELECT c.branch, c.device INTO b, d FROM hub.caller('laptop', false) c;
    PERFORM hub.note_heard(b, d, $1, $2, $3);
END
$body$;

CREATE FUNCTION api.erased_late_done(subjects uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
DECLARE
    b uuid;
    d uuid;
BEGIN
    SELECT c.branch, c.device INTO b, d FROM hub.caller('laptop', false) c;
    PERFORM hub.note_late(b, d, $1);
END
$body$;

-- By stick: what a laptop that may never be online has still to erase, and what it says of it. The receipt that
-- carries it is signed by the organisation, and so needs no key to be checked by.
CREATE FUNCTION office_api.stick_orders(b uuid, d uuid)
RETURNS TABLE (order_id uuid, body bytea, signature bytea, is_done boolean, late uuid[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT i.order_id, i.body, i.signature, i.is_done, i.late FROM (
        SELECT o.order_id, o.number, o.body, o.signature, e.device_id IS NOT NULL AS is_done,
            hub.late_of(b, d, o.order_id, ARRAY(SELECT x.subject_id FROM hub.erased_late_done x
                WHERE x.branch_id = b AND x.device_id = d)) AS late
        FROM hub.erase_order o
        LEFT JOIN hub.erase_done e ON e.branch_id = b AND e.order_id = o.order_id AND e.device_id = d
        WHERE o.branch_id = b
    ) i
    WHERE NOT i.is_done OR cardinality(i.late) > 0
    ORDER BY i.is_done, i.number, i.order_id
    LIMIT 200;
END
$body$;

CREATE FUNCTION office_api.stick_erased(
    b uuid, d uuid, order_id uuid, facts bigint, are_copies_new boolean, incarnations uuid[], heads bigint[]
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
BEGIN
    IF NOT EXISTS (SELECT FROM hub.device v
        WHERE v.branch_id = b AND v.device_id = d AND v.kind = 'laptop')
        OR $4 IS NULL OR $4 < 0 OR $5 IS NULL
    THEN
        PERFORM hub.refuse('stick_device');
    END IF;
    -- A centre that went back to a backup may not know it until its list is applied.
    IF NOT EXISTS (SELECT FROM hub.erase_order o WHERE o.branch_id = b AND o.order_id = $3) THEN
        RETURN false;
    END IF;
    PERFORM hub.note_heard(b, d, $3, $6, $7);
    -- An older file may come after a newer one: copies that are gone stay gone.
    INSERT INTO hub.erase_done AS e (branch_id, order_id, device_id, facts, are_copies_new, at)
    VALUES (b, $3, d, $4, $5, hub.now_us())
    ON CONFLICT (branch_id, order_id, device_id) DO UPDATE SET
        facts = greatest(e.facts, excluded.facts), are_copies_new = e.are_copies_new OR excluded.are_copies_new;
    RETURN true;
END
$body$;

CREATE FUNCTION office_api.stick_late_done(b uuid, d uuid, subjects uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
BEGIN
    PERFORM hub.note_late(b, d, $3);
END
$body$;

REVOKE ALL ON FUNCTION hub.order_key(uuid, uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION hub.late_of(uuid, uuid, uuid, uuid[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION hub.note_heard(uuid, uuid, uuid, uuid[], bigint[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION hub.note_late(uuid, uuid, uuid[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION api.erased_late(uuid, uuid[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION api.erase_heard(uuid, uuid[], bigint[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION api.erased_late_done(uuid[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION office_api.stick_orders(uuid, uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION office_api.stick_erased(uuid, uuid, uuid, bigint, boolean, uuid[], bigint[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION office_api.stick_late_done(uuid, uuid, uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION office_api.stick_orders(uuid, uuid) TO hub_office;
GRANT EXECUTE ON FUNCTION office_api.stick_erased(uuid, uuid, uuid, bigint, boolean, uuid[], bigint[])
    TO hub_office;
GRANT EXECUTE ON FUNCTION office_api.stick_late_done(uuid, uuid, uuid[]) TO hub_office;
