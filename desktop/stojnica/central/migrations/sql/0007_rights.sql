-- The projector has consents weighed anew when somebody takes them back by address: it writes their sign-ups into
-- the inbox, as a push does.
GRANT INSERT ON hub.inbox TO hub_projector;

-- Of whoever was erased by address or number a mark stays, made with a key that is nowhere but in this table:
-- it tells the same address again, and from it alone nobody finds one out. A laptop reads neither, and no role
-- but the owner of these functions does.
CREATE TABLE hub.mark_key (
    branch_id uuid NOT NULL,
    key bytea NOT NULL,
    CONSTRAINT pk_mark_key PRIMARY KEY (branch_id)
);

CREATE TABLE hub.erased_mark (
    branch_id uuid NOT NULL,
    order_id uuid NOT NULL,
    mark bytea NOT NULL,
    CONSTRAINT pk_erased_mark PRIMARY KEY (branch_id, order_id, mark)
);

-- Made once for each branch, early: a backup from before it would make other marks than the list beside it.
CREATE FUNCTION hub.make_mark_key(b uuid) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $body$
BEGIN
    INSERT INTO hub.mark_key (branch_id, key)
    VALUES (b, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())))
    ON CONFLICT (branch_id) DO NOTHING;
END
$body$;

CREATE FUNCTION hub.contact_mark(b uuid, kind text, contact text) RETURNS bytea
LANGUAGE plpgsql STABLE SET search_path = '' AS $body$
DECLARE
    secret bytea;
BEGIN
    IF contact IS NULL OR contact = '' THEN
        RETURN NULL;
    END IF;
    SELECT k.key INTO STRICT secret FROM hub.mark_key k WHERE k.branch_id = b;
    RETURN hub.hmac_sha256(secret, convert_to(kind || ':' || contact, 'UTF8'));
END
$body$;

-- A sign-up of somebody who was erased, under another id, that was on its way: it goes before anybody looks at
-- it. A laptop that has carried the order out says nothing old any more: what it delivers after that is new,
-- and so is what comes from one that was enrolled later, or from the office. The server's own clock tells both.
CREATE FUNCTION office_api.bury_marked(b uuid, subjects uuid[], emails text[], phones text[])
RETURNS TABLE (subject_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
DECLARE
    gone uuid[];
BEGIN
    IF NOT EXISTS (SELECT FROM hub.erased_mark m WHERE m.branch_id = b) THEN
        RETURN;
    END IF;
    SELECT coalesce(array_agg(DISTINCT i.subject ORDER BY i.subject), '{}') INTO gone
    FROM ROWS FROM (unnest(subjects), unnest(emails), unnest(phones)) AS i(subject, email, phone)
    JOIN hub.erased_mark m ON m.branch_id = b
        AND m.mark IN (hub.contact_mark(b, 'email', i.email), hub.contact_mark(b, 'phone', i.phone))
    JOIN hub.erase_order o ON o.branch_id = b AND o.order_id = m.order_id
    WHERE EXISTS (SELECT FROM hub.fact f
            WHERE f.branch_id = b AND f.subject_id = i.subject AND f.kind = 'signed_up')
        AND NOT EXISTS (
            SELECT FROM hub.fact f
            JOIN hub.delivery v ON v.branch_id = b AND v.fact_id = f.fact_id AND v.content_hash = f.content_hash
            JOIN hub.device d ON d.branch_id = b AND d.device_id = v.device_id
            LEFT JOIN hub.erase_done e ON e.branch_id = b AND e.order_id = m.order_id
                AND e.device_id = v.device_id
            WHERE f.branch_id = b AND f.subject_id = i.subject AND f.kind = 'signed_up'
                AND (d.kind <> 'laptop' OR d.created_at > o.at OR e.at < v.received_at));
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

-- Said once more, later: the first time counts as when it was carried out, for the marks above.
CREATE OR REPLACE FUNCTION api.erased(order_id uuid, facts bigint, are_copies_new boolean) RETURNS void
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
    INSERT INTO hub.erase_done AS e (branch_id, order_id, device_id, facts, are_copies_new, at)
    VALUES (b, $1, d, $2, $3, hub.now_us())
    ON CONFLICT (branch_id, order_id, device_id) DO UPDATE SET
        facts = greatest(e.facts, excluded.facts), are_copies_new = excluded.are_copies_new;
END
$body$;

REVOKE ALL ON FUNCTION hub.make_mark_key(uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION hub.contact_mark(uuid, text, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION office_api.bury_marked(uuid, uuid[], text[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION office_api.bury_marked(uuid, uuid[], text[], text[]) TO hub_projector;

SELECT hub.make_mark_key(r.branch_id) FROM hub.branch r;

-- What a laptop erased may come on a stick, too: one body for both ways.
CREATE FUNCTION hub.erase_facts(
    b uuid, d uuid, via text, fact_ids uuid[], hashes bytea[], incarnations uuid[], seqs bigint[]
) RETURNS text[]
LANGUAGE plpgsql SET search_path = '' AS $body$
#variable_conflict use_column
DECLARE
    n integer := cardinality(fact_ids);
    answers text[];
    moment bigint := hub.now_us();
    is_revoked boolean;
    room bigint;
    foreign_ids uuid[];
BEGIN
    IF n IS NULL OR n > 500 OR n IS DISTINCT FROM cardinality(hashes)
        OR n IS DISTINCT FROM cardinality(incarnations) OR n IS DISTINCT FROM cardinality(seqs)
        OR array_position(fact_ids, NULL) IS NOT NULL OR array_position(incarnations, NULL) IS NOT NULL
        OR EXISTS (SELECT FROM unnest(hashes) AS u(x) WHERE octet_length(x) IS DISTINCT FROM 32)
        OR EXISTS (SELECT FROM unnest(seqs) AS u(x) WHERE x IS NULL OR x < 1)
    THEN
        PERFORM hub.refuse('erase_shape');
    END IF;
    PERFORM set_config('synchronous_commit', 'on', true);
    SELECT v.revoked INTO is_revoked FROM hub.device v WHERE v.branch_id = b AND v.device_id = d;
    IF NOT FOUND OR is_revoked THEN
        RETURN array_fill('revoked'::text, ARRAY[n]);
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
    SELECT b, d, i.fact_id, i.hash, get_byte(i.hash, 0), i.incarnation, i.seq, via, moment
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
    RETURN answers;
END
$body$;

CREATE OR REPLACE FUNCTION api.erase(fact_ids uuid[], hashes bytea[], incarnations uuid[], seqs bigint[])
RETURNS TABLE (ids_echoed uuid[], hashes_echoed bytea[], answers text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
DECLARE
    b uuid;
    d uuid;
BEGIN
    SELECT c.branch, c.device INTO b, d FROM hub.caller('laptop', true) c;
    answers := hub.erase_facts(b, d, 'direct', $1, $2, $3, $4);
    ids_echoed := $1;
    hashes_echoed := $2;
    RETURN NEXT;
END
$body$;

CREATE FUNCTION office_api.stick_erase(
    b uuid, d uuid, fact_ids uuid[], hashes bytea[], incarnations uuid[], seqs bigint[]
) RETURNS TABLE (answers text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
BEGIN
    IF NOT EXISTS (SELECT FROM hub.device v
        WHERE v.branch_id = b AND v.device_id = d AND v.kind = 'laptop')
    THEN
        PERFORM hub.refuse('stick_device');
    END IF;
    answers := hub.erase_facts(b, d, 'stick', $3, $4, $5, $6);
    RETURN NEXT;
END
$body$;

REVOKE ALL ON FUNCTION hub.erase_facts(uuid, uuid, text, uuid[], bytea[], uuid[], bigint[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION office_api.stick_erase(uuid, uuid, uuid[], bytea[], uuid[], bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION office_api.stick_erase(uuid, uuid, uuid[], bytea[], uuid[], bigint[]) TO hub_office;
