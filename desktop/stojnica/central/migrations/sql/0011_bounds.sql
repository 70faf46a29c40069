-- A laptop in wrong hands could say without end other things under the id of somebody who is erased: each left
-- a delivery, and none counted. Now they count as records of the day, and beyond its quota the answer is later.

-- Store one batch of facts and say what became of each, in the order given. Content is never refused.
CREATE OR REPLACE FUNCTION hub.take(
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
    fresh bigint := 0;
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
        WHEN i.state = 'damaged' THEN i.state
        WHEN i.state = 'erased' THEN CASE WHEN has_room OR EXISTS (SELECT FROM hub.delivery v
            WHERE v.branch_id = b AND v.device_id = d AND v.fact_id = i.fact_id AND v.content_hash = i.hash)
            THEN 'erased' ELSE 'later' END
        WHEN f.fact_id IS NULL THEN 'later'
        WHEN cardinality(put_ids) = n OR i.hash = ANY (put_hashes) THEN 'stored'
        WHEN sha256(f.body) = f.content_hash THEN 'present'
        ELSE 'later' END ORDER BY i.place), '{}') INTO answers
    FROM ROWS FROM (unnest(fact_ids), unnest(hashes), unnest(states))
        WITH ORDINALITY AS i(fact_id, hash, state, place)
    LEFT JOIN hub.fact f ON f.branch_id = b AND f.fact_id = i.fact_id AND f.content_hash = i.hash;

    IF 'erased' = ANY (answers) THEN
        SELECT count(*) INTO fresh
        FROM ROWS FROM (unnest(fact_ids), unnest(hashes), unnest(answers)) AS i(fact_id, hash, answer)
        WHERE i.answer = 'erased' AND NOT EXISTS (SELECT FROM hub.delivery v
            WHERE v.branch_id = b AND v.device_id = d AND v.fact_id = i.fact_id AND v.content_hash = i.hash);
    END IF;
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
    IF fresh > 0 OR 'stored' = ANY (answers) THEN
        INSERT INTO hub.usage AS u (branch_id, device_id, day, facts, bytes)
        SELECT b, d, today, count(*) + fresh, coalesce(sum(octet_length(i.body)), 0)
        FROM ROWS FROM (unnest(bodies), unnest(answers)) AS i(body, answer)
        WHERE i.answer = 'stored'
        ON CONFLICT (branch_id, device_id, day)
            DO UPDATE SET facts = u.facts + excluded.facts, bytes = u.bytes + excluded.bytes;
    END IF;

    RETURN answers;
END
$body$;

-- What was erased is erased on any day; only that this laptop said so waits for the next one.
CREATE OR REPLACE FUNCTION hub.erase_facts(
    b uuid, d uuid, via text, fact_ids uuid[], hashes bytea[], incarnations uuid[], seqs bigint[]
) RETURNS text[]
LANGUAGE plpgsql SET search_path = '' AS $body$
#variable_conflict use_column
DECLARE
    n integer := cardinality(fact_ids);
    answers text[];
    moment bigint := hub.now_us();
    today date := (now() AT TIME ZONE 'UTC')::date;
    is_revoked boolean;
    has_room boolean;
    room bigint;
    fresh bigint;
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

    SELECT v.daily_facts > coalesce(u.facts, 0) INTO has_room
    FROM hub.device v
    LEFT JOIN hub.usage u ON u.branch_id = b AND u.device_id = d AND u.day = today
    WHERE v.branch_id = b AND v.device_id = d;
    IF has_room THEN
        SELECT count(*) INTO fresh
        FROM ROWS FROM (unnest(fact_ids), unnest(hashes)) AS i(fact_id, hash)
        JOIN hub.tombstone t ON t.branch_id = b AND t.fact_id = i.fact_id
        WHERE NOT EXISTS (SELECT FROM hub.delivery v
            WHERE v.branch_id = b AND v.device_id = d AND v.fact_id = i.fact_id AND v.content_hash = i.hash);
        IF fresh > 0 THEN
            INSERT INTO hub.usage AS u (branch_id, device_id, day, facts, bytes) VALUES (b, d, today, fresh, 0)
            ON CONFLICT (branch_id, device_id, day) DO UPDATE SET facts = u.facts + excluded.facts;
        END IF;
    END IF;
    INSERT INTO hub.delivery (branch_id, device_id, fact_id, content_hash, bucket, incarnation, seq, route,
        received_at)
    SELECT b, d, i.fact_id, i.hash, get_byte(i.hash, 0), i.incarnation, i.seq, via, moment
    FROM ROWS FROM (unnest(fact_ids), unnest(hashes), unnest(incarnations), unnest(seqs))
        AS i(fact_id, hash, incarnation, seq)
    JOIN hub.tombstone t ON t.branch_id = b AND t.fact_id = i.fact_id
    WHERE has_room
    ORDER BY i.fact_id, i.hash
    ON CONFLICT (branch_id, device_id, fact_id, content_hash) DO NOTHING;

    SELECT coalesce(array_agg(CASE WHEN t.fact_id IS NOT NULL AND v.fact_id IS NOT NULL THEN 'erased'
        WHEN i.fact_id = ANY (foreign_ids) THEN 'foreign' ELSE 'later' END ORDER BY i.place), '{}')
    INTO answers
    FROM ROWS FROM (unnest(fact_ids), unnest(hashes)) WITH ORDINALITY AS i(fact_id, hash, place)
    LEFT JOIN hub.tombstone t ON t.branch_id = b AND t.fact_id = i.fact_id
    LEFT JOIN hub.delivery v ON v.branch_id = b AND v.device_id = d
        AND v.fact_id = i.fact_id AND v.content_hash = i.hash;
    RETURN answers;
END
$body$;

-- So with how far each life of a file was: a laptop names twenty at most with each order.
CREATE OR REPLACE FUNCTION hub.note_heard(b uuid, d uuid, o uuid, incarnations uuid[], heads bigint[]) RETURNS void
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
            WHERE h.branch_id = b AND h.order_id = o AND h.device_id = d) > 1000
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
