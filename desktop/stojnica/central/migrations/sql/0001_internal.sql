-- Functions that only the owner runs: the shared bodies of what laptops and the office may call.

CREATE FUNCTION hub.now_us() RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = '' AS $body$
BEGIN
    RETURN (extract(epoch FROM clock_timestamp()) * 1000000)::bigint;
END
$body$;

-- Device and branch come from the login alone, never from a parameter. A laptop that was shut out hears it with
-- its next call; a push says so for each fact.
CREATE FUNCTION hub.caller(wanted text, may_be_revoked boolean, OUT branch uuid, OUT device uuid)
LANGUAGE plpgsql STABLE SET search_path = '' AS $body$
DECLARE
    b uuid;
BEGIN
    SELECT l.branch_id, l.device_id INTO branch, device
    FROM hub.login l
    WHERE l.role_name = session_user::text AND l.kind = wanted;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'login_without_device';
    END IF;
    b := branch;
    IF NOT may_be_revoked AND EXISTS (
        SELECT FROM hub.device v WHERE v.branch_id = b AND v.device_id = device AND v.revoked)
    THEN
        RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'revoked';
    END IF;
END
$body$;

CREATE FUNCTION hub.refuse(reason text) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $body$
BEGIN
    RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = reason;
END
$body$;

-- HMAC-SHA-256 (RFC 2104) without an extension. The key has at most 64 bytes.
CREATE FUNCTION hub.hmac_sha256(secret bytea, message bytea) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE SET search_path = '' AS $body$
DECLARE
    inner_pad bytea := decode(repeat('36', 64), 'hex');
    outer_pad bytea := decode(repeat('5c', 64), 'hex');
BEGIN
    FOR place IN 0 .. octet_length(secret) - 1 LOOP
        inner_pad := set_byte(inner_pad, place, get_byte(secret, place) # 54);
        outer_pad := set_byte(outer_pad, place, get_byte(secret, place) # 92);
    END LOOP;
    RETURN sha256(outer_pad || sha256(inner_pad || message));
END
$body$;

-- Store one batch of facts and say what became of each, in the order given. Content is never refused.
CREATE FUNCTION hub.take(
    b uuid, d uuid, via text,
    fact_ids uuid[], hashes bytea[], bodies bytea[], kinds text[], subjects uuid[],
    events uuid[], incarnations uuid[], seqs bigint[], captured bigint[]
) RETURNS text[]
LANGUAGE plpgsql SET search_path = '' AS $body$
#variable_conflict use_column
DECLARE
    n integer := cardinality(fact_ids);
    moment bigint := hub.now_us();
    today date := (now() AT TIME ZONE 'UTC')::date;
    is_revoked boolean;
    has_room boolean;
    states text[]; -- What each fact is in itself: damaged, erased or sound.
    answers text[];
    put_ids uuid[] := '{}';
    put_hashes bytea[] := '{}';
    put_subjects uuid[] := '{}';
    one record;
BEGIN
    IF n IS NULL OR n > 500
        OR n IS DISTINCT FROM cardinality(hashes) OR n IS DISTINCT FROM cardinality(bodies)
        OR n IS DISTINCT FROM cardinality(kinds) OR n IS DISTINCT FROM cardinality(subjects)
        OR n IS DISTINCT FROM cardinality(events) OR n IS DISTINCT FROM cardinality(incarnations)
        OR n IS DISTINCT FROM cardinality(seqs) OR n IS DISTINCT FROM cardinality(captured)
    THEN
        PERFORM hub.refuse('batch_shape');
    END IF;
    -- The size of an array as a whole: adding up its members costs as much as writing them down.
    IF pg_column_size(bodies) > 2097152 + 8 * 500 OR pg_column_size(hashes) > (32 + 8) * 500
        OR pg_column_size(kinds) > (64 + 8) * 500
    THEN
        PERFORM hub.refuse('batch_bytes');
    END IF;
    -- Here and not in a SET clause, which would be undone before the commit that it is meant for.
    PERFORM set_config('synchronous_commit', 'on', true);

    SELECT v.revoked INTO is_revoked FROM hub.device v WHERE v.branch_id = b AND v.device_id = d;
    IF NOT FOUND OR is_revoked THEN
        RETURN array_fill('revoked'::text, ARRAY[n]);
    END IF;

    SELECT coalesce(array_agg(CASE
        WHEN i.fact_id IS NOT NULL AND i.subject IS NOT NULL AND i.incarnation IS NOT NULL
            AND i.seq > 0 AND i.at IS NOT NULL AND octet_length(i.kind) BETWEEN 1 AND 64
            AND octet_length(i.body) BETWEEN 1 AND 262144 AND sha256(i.body) = i.hash
        THEN CASE WHEN t.fact_id IS NULL THEN 'sound' ELSE 'erased' END
        ELSE 'damaged' END ORDER BY i.place), '{}') INTO states
    FROM ROWS FROM (
        unnest(fact_ids), unnest(hashes), unnest(bodies), unnest(kinds), unnest(subjects),
        unnest(incarnations), unnest(seqs), unnest(captured)
    ) WITH ORDINALITY AS i(fact_id, hash, body, kind, subject, incarnation, seq, at, place)
    LEFT JOIN hub.tombstone t ON t.branch_id = b AND t.fact_id = i.fact_id;

    SELECT v.daily_facts > coalesce(u.facts, 0) AND v.daily_bytes > coalesce(u.bytes, 0) INTO has_room
    FROM hub.device v
    LEFT JOIN hub.usage u ON u.branch_id = b AND u.device_id = d AND u.day = today
    WHERE v.branch_id = b AND v.device_id = d;

    -- Always in the order of the key: two pushes of the same facts wait for each other and never deadlock. Only
    -- the one that put a fact there tells the projector of it. (A loop, because not every distributed server
    -- takes an INSERT inside WITH.)
    IF has_room THEN
        FOR one IN
            INSERT INTO hub.fact (branch_id, fact_id, content_hash, kind, subject_id, event_id, incarnation,
                seq, captured_at, body)
            SELECT b, i.fact_id, i.hash, i.kind, i.subject, i.event, i.incarnation, i.seq, i.at, i.body
            FROM ROWS FROM (
                unnest(fact_ids), unnest(hashes), unnest(bodies), unnest(kinds), unnest(subjects),
                unnest(events), unnest(incarnations), unnest(seqs), unnest(captured), unnest(states)
            ) AS i(fact_id, hash, body, kind, subject, event, incarnation, seq, at, state)
            WHERE i.state = 'sound'
            ORDER BY i.fact_id, i.hash
            ON CONFLICT (branch_id, fact_id, content_hash) DO NOTHING
            RETURNING fact_id, content_hash, subject_id
        LOOP
            put_ids := put_ids || one.fact_id;
            put_hashes := put_hashes || one.content_hash;
            put_subjects := put_subjects || one.subject_id;
        END LOOP;
    END IF;

    -- From here on only what is read back counts, never the number of rows that an insert claims. What came
    -- now was checked just now; what was there before may have spoilt since, and isn't confirmed then.
    SELECT coalesce(array_agg(CASE
        WHEN i.state IN ('damaged', 'erased') THEN i.state
        WHEN f.fact_id IS NULL THEN 'later'
        WHEN cardinality(put_ids) = n OR i.hash = ANY (put_hashes) THEN 'stored'
        WHEN sha256(f.body) = f.content_hash THEN 'present'
        ELSE 'later' END ORDER BY i.place), '{}') INTO answers
    FROM ROWS FROM (unnest(fact_ids), unnest(hashes), unnest(states))
        WITH ORDINALITY AS i(fact_id, hash, state, place)
    LEFT JOIN hub.fact f ON f.branch_id = b AND f.fact_id = i.fact_id AND f.content_hash = i.hash;

    INSERT INTO hub.delivery (branch_id, device_id, fact_id, content_hash, bucket, incarnation, seq, route,
        received_at)
    SELECT b, d, i.fact_id, i.hash, get_byte(i.hash, 0), i.incarnation, i.seq, via, moment
    FROM ROWS FROM (
        unnest(fact_ids), unnest(hashes), unnest(incarnations), unnest(seqs), unnest(answers)
    ) AS i(fact_id, hash, incarnation, seq, answer)
    WHERE i.answer IN ('stored', 'present', 'erased')
    ORDER BY i.fact_id, i.hash
    ON CONFLICT (branch_id, device_id, fact_id, content_hash) DO NOTHING;

    IF cardinality(put_ids) > 0 THEN
        INSERT INTO hub.inbox (branch_id, inbox_id, fact_ids, hashes, subject_ids, received_at)
        VALUES (b, gen_random_uuid(), put_ids, put_hashes, put_subjects, moment);
    END IF;
    IF 'stored' = ANY (answers) THEN
        INSERT INTO hub.usage AS u (branch_id, device_id, day, facts, bytes)
        SELECT b, d, today, count(*), coalesce(sum(octet_length(i.body)), 0)
        FROM ROWS FROM (unnest(bodies), unnest(answers)) AS i(body, answer)
        WHERE i.answer = 'stored'
        ON CONFLICT (branch_id, device_id, day)
            DO UPDATE SET facts = u.facts + excluded.facts, bytes = u.bytes + excluded.bytes;
    END IF;

    RETURN answers;
END
$body$;
