-- A laptop erases what it delivered itself, or what nobody has delivered yet. The tombstone is by id, for every
-- body of that id; the delivery stays, so that numbers and proofs go on being whole.

ALTER TABLE hub.tombstone ADD COLUMN device_id uuid;

CREATE FUNCTION api.erase(fact_ids uuid[], hashes bytea[], incarnations uuid[], seqs bigint[])
RETURNS TABLE (ids_echoed uuid[], hashes_echoed bytea[], answers text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
DECLARE
    b uuid;
    d uuid;
    n integer := cardinality(fact_ids);
    moment bigint := hub.now_us();
    is_revoked boolean;
    room bigint;
    foreign_ids uuid[];
BEGIN
    SELECT c.branch, c.device INTO b, d FROM hub.caller('laptop', true) c;
    IF n IS NULL OR n > 500 OR n IS DISTINCT FROM cardinality(hashes)
        OR n IS DISTINCT FROM cardinality(incarnations) OR n IS DISTINCT FROM cardinality(seqs)
        OR array_position(fact_ids, NULL) IS NOT NULL OR array_position(incarnations, NULL) IS NOT NULL
        OR EXISTS (SELECT FROM unnest(hashes) AS u(x) WHERE octet_length(x) IS DISTINCT FROM 32)
        OR EXISTS (SELECT FROM unnest(seqs) AS u(x) WHERE x IS NULL OR x < 1)
    THEN
        PERFORM hub.refuse('erase_shape');
    END IF;
    PERFORM set_config('synchronous_commit', 'on', true);
    ids_echoed := fact_ids;
    hashes_echoed := hashes;
    SELECT v.revoked INTO is_revoked FROM hub.device v WHERE v.branch_id = b AND v.device_id = d;
    IF NOT FOUND OR is_revoked THEN
        answers := array_fill('revoked'::text, ARRAY[n]);
        RETURN NEXT;
        RETURN;
    END IF;

    -- What another laptop alone has said under this id is not this one's to erase.
    SELECT coalesce(array_agg(DISTINCT f.fact_id), '{}') INTO foreign_ids
    FROM hub.fact f
    WHERE f.branch_id = b AND f.fact_id = ANY (fact_ids)
        AND NOT EXISTS (SELECT FROM hub.tombstone t WHERE t.branch_id = b AND t.fact_id = f.fact_id)
        AND NOT EXISTS (SELECT FROM hub.delivery v WHERE v.branch_id = b AND v.device_id = d
            AND v.fact_id = f.fact_id AND v.content_hash = f.content_hash);
    -- Whoever stole a laptop can't take all back in a day.
    SELECT 5000 - count(*) INTO room FROM hub.tombstone t
    WHERE t.branch_id = b AND t.device_id = d AND t.at > moment - 86400000000;
    INSERT INTO hub.tombstone (branch_id, fact_id, reason, at, device_id)
    SELECT b, i.fact_id, 'laptop', moment, d
    FROM (SELECT DISTINCT x AS fact_id FROM unnest(fact_ids) AS u(x)) i
    WHERE i.fact_id <> ALL (foreign_ids)
        AND NOT EXISTS (SELECT FROM hub.tombstone t WHERE t.branch_id = b AND t.fact_id = i.fact_id)
    ORDER BY i.fact_id
    LIMIT greatest(room, 0)
    ON CONFLICT (branch_id, fact_id) DO NOTHING;
    PERFORM hub.clear_erased(b, fact_ids);

    INSERT INTO hub.delivery (branch_id, device_id, fact_id, content_hash, bucket, incarnation, seq, route,
        received_at)
    SELECT b, d, i.fact_id, i.hash, get_byte(i.hash, 0), i.incarnation, i.seq, 'direct', moment
    FROM ROWS FROM (unnest(fact_ids), unnest(hashes), unnest(incarnations), unnest(seqs))
        AS i(fact_id, hash, incarnation, seq)
    JOIN hub.tombstone t ON t.branch_id = b AND t.fact_id = i.fact_id
    ORDER BY i.fact_id, i.hash
    ON CONFLICT (branch_id, device_id, fact_id, content_hash) DO NOTHING;

    SELECT coalesce(array_agg(CASE WHEN t.fact_id IS NOT NULL THEN 'erased'
        WHEN i.fact_id = ANY (foreign_ids) THEN 'foreign' ELSE 'later' END ORDER BY i.place), '{}')
    INTO answers
    FROM unnest(fact_ids) WITH ORDINALITY AS i(fact_id, place)
    LEFT JOIN hub.tombstone t ON t.branch_id = b AND t.fact_id = i.fact_id;
    RETURN NEXT;
END
$body$;

-- Take the bodies away that have a tombstone, and let the projector make the rows of their subjects anew.
CREATE FUNCTION hub.clear_erased(b uuid, ids uuid[]) RETURNS bigint
LANGUAGE plpgsql SET search_path = '' AS $body$
#variable_conflict use_column
DECLARE
    gone_ids uuid[] := '{}';
    gone_hashes bytea[] := '{}';
    gone_subjects uuid[] := '{}';
    one record;
BEGIN
    FOR one IN
        DELETE FROM hub.fact f
        WHERE f.branch_id = b AND f.fact_id = ANY (ids)
            AND EXISTS (SELECT FROM hub.tombstone t WHERE t.branch_id = b AND t.fact_id = f.fact_id)
        RETURNING f.fact_id, f.content_hash, f.subject_id
    LOOP
        gone_ids := gone_ids || one.fact_id;
        gone_hashes := gone_hashes || one.content_hash;
        gone_subjects := gone_subjects || one.subject_id;
    END LOOP;
    IF cardinality(gone_ids) > 0 THEN
        INSERT INTO hub.inbox (branch_id, inbox_id, fact_ids, hashes, subject_ids, received_at)
        VALUES (b, gen_random_uuid(), gone_ids, gone_hashes, gone_subjects, hub.now_us());
    END IF;
    RETURN cardinality(gone_ids);
END
$body$;

REVOKE ALL ON FUNCTION api.erase(uuid[], bytea[], uuid[], bigint[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION hub.clear_erased(uuid, uuid[]) FROM PUBLIC;

-- What came late about a subject that was erased gets tombstones of its own, and goes before anybody looks at it:
-- a sign-up carries its subject's id, so that a tombstone of that id stands for the person. So does a body that
-- crossed its erasure on the way. The projector may do this, and take away nothing else.
CREATE FUNCTION office_api.bury_late(b uuid, subjects uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
BEGIN
    INSERT INTO hub.tombstone (branch_id, fact_id, reason, at)
    SELECT b, f.fact_id, 'late', hub.now_us() FROM hub.fact f
    WHERE f.branch_id = b AND f.subject_id = ANY (subjects)
        AND EXISTS (SELECT FROM hub.tombstone t WHERE t.branch_id = b AND t.fact_id = f.subject_id)
    ON CONFLICT (branch_id, fact_id) DO NOTHING;
    DELETE FROM hub.fact f
    WHERE f.branch_id = b AND f.subject_id = ANY (subjects)
        AND EXISTS (SELECT FROM hub.tombstone t WHERE t.branch_id = b AND t.fact_id = f.fact_id);
END
$body$;

REVOKE ALL ON FUNCTION office_api.bury_late(uuid, uuid[]) FROM PUBLIC;
GRANT USAGE ON SCHEMA office_api TO hub_projector;
GRANT EXECUTE ON FUNCTION office_api.bury_late(uuid, uuid[]) TO hub_projector;

-- The pieces of a file that was attached to an erased person, here already or still to come: each has a subject
-- of its own. Somebody may have named as a piece what is none; that stays.
CREATE FUNCTION office_api.bury_pieces(b uuid, pieces uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
BEGIN
    INSERT INTO hub.tombstone (branch_id, fact_id, reason, at)
    SELECT b, u.x, 'late', hub.now_us() FROM unnest(pieces) AS u(x)
    WHERE NOT EXISTS (SELECT FROM hub.fact f
        WHERE f.branch_id = b AND f.subject_id = u.x AND f.kind <> 'file_chunk')
    ORDER BY u.x ON CONFLICT (branch_id, fact_id) DO NOTHING;
    PERFORM office_api.bury_late(b, pieces);
END
$body$;

REVOKE ALL ON FUNCTION office_api.bury_pieces(uuid, uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION office_api.bury_pieces(uuid, uuid[]) TO hub_projector;

-- Orders of the office to erase somebody: signed documents that hold ids and hashes, and nothing of a person.
-- They don't expire, because a laptop may come back after years.
CREATE TABLE hub.erase_order (
    branch_id uuid NOT NULL,
    order_id uuid NOT NULL,
    number bigint NOT NULL,
    body bytea NOT NULL,
    signature bytea NOT NULL,
    facts bigint NOT NULL,
    at bigint NOT NULL,
    CONSTRAINT pk_erase_order PRIMARY KEY (branch_id, order_id)
);

-- What each laptop said when it had carried an order out.
CREATE TABLE hub.erase_done (
    branch_id uuid NOT NULL,
    order_id uuid NOT NULL,
    device_id uuid NOT NULL,
    facts bigint NOT NULL,
    are_copies_new boolean NOT NULL,
    at bigint NOT NULL,
    CONSTRAINT pk_erase_done PRIMARY KEY (branch_id, order_id, device_id)
);

-- A laptop names the orders that it knows, not the last number: a centre that went back to a backup numbers anew.
CREATE FUNCTION api.erase_orders(known uuid[])
RETURNS TABLE (order_id uuid, body bytea, signature bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
DECLARE
    b uuid;
BEGIN
    SELECT c.branch INTO b FROM hub.caller('laptop', false) c;
    IF cardinality(known) IS NULL OR cardinality(known) > 10000 THEN
        PERFORM hub.refuse('orders_shape');
    END IF;
    RETURN QUERY SELECT o.order_id, o.body, o.signature
        FROM hub.erase_order o
        WHERE o.branch_id = b AND o.order_id <> ALL (known)
        ORDER BY o.number, o.order_id
        LIMIT 20;
END
$body$;

CREATE FUNCTION api.erased(order_id uuid, facts bigint, are_copies_new boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
DECLARE
    b uuid;
    d uuid;
BEGIN
    SELECT c.branch, c.device INTO b, d FROM hub.caller('laptop', false) c;
    IF $1 IS NULL OR $2 IS NULL OR $2 < 0 OR $3 IS NULL
        OR NOT EXISTS (SELECT FROM hub.erase_order o WHERE o.branch_id = b AND o.order_id = $1)
    THEN
        PERFORM hub.refuse('erased_shape');
    END IF;
    PERFORM set_config('synchronous_commit', 'on', true);
    -- Said once more: the first time it had something to erase, the second time nothing was left.
    INSERT INTO hub.erase_done AS e (branch_id, order_id, device_id, facts, are_copies_new, at)
    VALUES (b, $1, d, $2, $3, hub.now_us())
    ON CONFLICT (branch_id, order_id, device_id) DO UPDATE SET
        facts = greatest(e.facts, excluded.facts), are_copies_new = excluded.are_copies_new, at = excluded.at;
END
$body$;

REVOKE ALL ON FUNCTION api.erase_orders(uuid[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION api.erased(uuid, bigint, boolean) FROM PUBLIC;
