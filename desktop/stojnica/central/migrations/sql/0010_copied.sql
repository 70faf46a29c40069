-- A file that was copied goes on in the same life as its twin, with the same numbers. How far that life was when
-- one of them heard of an order tells nothing of the other one: it names what it had captured before it heard.
CREATE TABLE hub.erase_old (
    branch_id uuid NOT NULL,
    order_id uuid NOT NULL,
    device_id uuid NOT NULL,
    fact_id uuid NOT NULL,
    CONSTRAINT pk_erase_old PRIMARY KEY (branch_id, order_id, device_id, fact_id)
);

-- As before; and what a laptop named as old is old, whatever its number.
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
                    AND NOT EXISTS (SELECT FROM hub.erase_old w WHERE w.branch_id = b
                        AND w.order_id = m.order_id AND w.device_id = v.device_id AND w.fact_id = v.fact_id)
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

-- How far this laptop's lives were when the first file with them heard of an order.
CREATE FUNCTION api.erase_heard_before(order_id uuid, incarnations uuid[])
RETURNS TABLE (incarnation uuid, seq bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
DECLARE
    b uuid;
    d uuid;
BEGIN
    SELECT c.branch, c.device INTO b, d FROM hub.caller('laptop', false) c;
    IF $1 IS NULL OR cardinality($2) IS NULL OR cardinality($2) > 1000 THEN
        PERFORM hub.refuse('heard_shape');
    END IF;
    RETURN QUERY SELECT h.incarnation, h.seq FROM hub.erase_heard h
        WHERE h.branch_id = b AND h.order_id = $1 AND h.device_id = d AND h.incarnation = ANY ($2)
        ORDER BY h.incarnation;
END
$body$;

-- What came already and was added up as new is looked at once more.
CREATE FUNCTION api.erase_old(order_id uuid, fact_ids uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
DECLARE
    b uuid;
    d uuid;
    fresh uuid[];
    came_ids uuid[];
    came_hashes bytea[];
    came_subjects uuid[];
BEGIN
    SELECT c.branch, c.device INTO b, d FROM hub.caller('laptop', false) c;
    IF cardinality($2) IS NULL OR cardinality($2) > 5000 OR array_position($2, NULL) IS NOT NULL
        OR NOT EXISTS (SELECT FROM hub.erase_order o WHERE o.branch_id = b AND o.order_id = $1)
    THEN
        PERFORM hub.refuse('old_shape');
    END IF;
    fresh := ARRAY(SELECT DISTINCT i.x FROM unnest($2) AS i(x)
        WHERE NOT EXISTS (SELECT FROM hub.erase_old w
            WHERE w.branch_id = b AND w.order_id = $1 AND w.device_id = d AND w.fact_id = i.x)
        ORDER BY i.x);
    IF cardinality(fresh) + (SELECT count(*) FROM hub.erase_old w
        WHERE w.branch_id = b AND w.order_id = $1 AND w.device_id = d) > 100000
    THEN
        PERFORM hub.refuse('old_many');
    END IF;
    PERFORM set_config('synchronous_commit', 'on', true);
    INSERT INTO hub.erase_old (branch_id, order_id, device_id, fact_id)
    SELECT b, $1, d, i.x FROM unnest(fresh) AS i(x)
    ORDER BY i.x
    ON CONFLICT (branch_id, order_id, device_id, fact_id) DO NOTHING;
    SELECT array_agg(f.fact_id ORDER BY f.fact_id, f.content_hash),
        array_agg(f.content_hash ORDER BY f.fact_id, f.content_hash),
        array_agg(f.subject_id ORDER BY f.fact_id, f.content_hash)
    INTO came_ids, came_hashes, came_subjects
    FROM hub.fact f
    JOIN hub.delivery v ON v.branch_id = b AND v.device_id = d AND v.fact_id = f.fact_id
        AND v.content_hash = f.content_hash
    WHERE f.branch_id = b AND f.fact_id = ANY (fresh) AND f.kind = 'signed_up';
    IF came_ids IS NOT NULL THEN
        INSERT INTO hub.inbox (branch_id, inbox_id, fact_ids, hashes, subject_ids, received_at)
        VALUES (b, gen_random_uuid(), came_ids, came_hashes, came_subjects, hub.now_us());
    END IF;
END
$body$;

REVOKE ALL ON FUNCTION api.erase_heard_before(uuid, uuid[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION api.erase_old(uuid, uuid[]) FROM PUBLIC;

-- What a file on a stick says of an order, as before; but of copies only when it knows the one who went late and
-- was heard of last: it may have been made before, and comes again.
CREATE FUNCTION office_api.stick_carried_out(
    b uuid, d uuid, order_id uuid, facts bigint, are_copies_new boolean, incarnations uuid[], heads bigint[],
    late uuid[]
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
DECLARE
    last uuid;
BEGIN
    IF cardinality($8) IS NULL OR cardinality($8) > 5000 THEN
        PERFORM hub.refuse('late_shape');
    END IF;
    SELECT x.subject_id INTO last FROM hub.erased_late_done x
    WHERE x.branch_id = b AND x.device_id = d AND EXISTS (SELECT FROM hub.erased_late l
        WHERE l.branch_id = b AND l.order_id = $3 AND l.subject_id = x.subject_id)
    ORDER BY x.at DESC, x.subject_id DESC LIMIT 1;
    RETURN office_api.stick_erased(b, d, $3, $4, $5 AND (last IS NULL OR last = ANY ($8)), $6, $7);
END
$body$;

REVOKE ALL ON FUNCTION office_api.stick_carried_out(
    uuid, uuid, uuid, bigint, boolean, uuid[], bigint[], uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION office_api.stick_carried_out(
    uuid, uuid, uuid, bigint, boolean, uuid[], bigint[], uuid[]) TO hub_office;

-- What a laptop erased itself, in its own words and signed by its own key: a copy of its file holds the same people,
-- and has the key to check it by. No server's word alone makes a laptop erase anybody.
CREATE TABLE hub.stated_erased (
    branch_id uuid NOT NULL,
    device_id uuid NOT NULL,
    statement_id uuid NOT NULL,
    body bytea NOT NULL,
    signature bytea NOT NULL,
    at bigint NOT NULL,
    CONSTRAINT pk_stated_erased PRIMARY KEY (branch_id, device_id, statement_id)
);

-- Keep one; false when this laptop has left so many that there is no room.
CREATE FUNCTION hub.keep_stated(b uuid, d uuid, statement_id uuid, body bytea, signature bytea) RETURNS boolean
LANGUAGE plpgsql SET search_path = '' AS $body$
#variable_conflict use_column
BEGIN
    IF $3 IS NULL OR coalesce(octet_length($4), 0) NOT BETWEEN 1 AND 131072
        OR octet_length($5) IS DISTINCT FROM 64
    THEN
        PERFORM hub.refuse('stated_shape');
    END IF;
    IF (SELECT coalesce(sum(octet_length(s.body)), 0) FROM hub.stated_erased s
        WHERE s.branch_id = b AND s.device_id = d) > 16777216
    THEN
        RETURN false;
    END IF;
    PERFORM set_config('synchronous_commit', 'on', true);
    INSERT INTO hub.stated_erased (branch_id, device_id, statement_id, body, signature, at)
    VALUES (b, d, $3, $4, $5, hub.now_us())
    ON CONFLICT (branch_id, device_id, statement_id) DO NOTHING;
    RETURN true;
END
$body$;

CREATE FUNCTION api.state_erased(statement_id uuid, body bytea, signature bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
DECLARE
    b uuid;
    d uuid;
BEGIN
    SELECT c.branch, c.device INTO b, d FROM hub.caller('laptop', false) c;
    IF NOT hub.keep_stated(b, d, $1, $2, $3) THEN
        PERFORM hub.refuse('stated_many');
    END IF;
END
$body$;

-- So for what comes on a stick: a laptop that was set back to before it erased somebody hears of it, too.
CREATE FUNCTION office_api.stick_stated(b uuid, d uuid, statement_id uuid, body bytea, signature bytea)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
BEGIN
    IF NOT EXISTS (SELECT FROM hub.device v WHERE v.branch_id = b AND v.device_id = d AND NOT v.revoked) THEN
        RETURN false;
    END IF;
    RETURN hub.keep_stated(b, d, $3, $4, $5);
END
$body$;

CREATE FUNCTION api.stated_erased(known uuid[]) RETURNS TABLE (statement_id uuid, body bytea, signature bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
DECLARE
    b uuid;
    d uuid;
BEGIN
    SELECT c.branch, c.device INTO b, d FROM hub.caller('laptop', false) c;
    IF cardinality(known) IS NULL OR cardinality(known) > 10000 THEN
        PERFORM hub.refuse('stated_shape');
    END IF;
    RETURN QUERY SELECT s.statement_id, s.body, s.signature FROM hub.stated_erased s
        WHERE s.branch_id = b AND s.device_id = d AND s.statement_id <> ALL (known)
        ORDER BY s.at, s.statement_id
        LIMIT 20;
END
$body$;

REVOKE ALL ON FUNCTION hub.keep_stated(uuid, uuid, uuid, bytea, bytea) FROM PUBLIC;
REVOKE ALL ON FUNCTION office_api.stick_stated(uuid, uuid, uuid, bytea, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION office_api.stick_stated(uuid, uuid, uuid, bytea, bytea) TO hub_office;
REVOKE ALL ON FUNCTION api.state_erased(uuid, bytea, bytea) FROM PUBLIC;
REVOKE ALL ON FUNCTION api.stated_erased(uuid[]) FROM PUBLIC;
