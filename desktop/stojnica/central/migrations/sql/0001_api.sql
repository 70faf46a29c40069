-- What a laptop may call. Each function finds branch and device from the login, checks sizes, then answers.

CREATE FUNCTION api.hello(
    program text, protocol_spoken integer, incarnations uuid[], heads bigint[], head_hashes bytea[],
    facts bigint
) RETURNS TABLE (
    server_id uuid, server_time bigint, protocol integer, backoff_s integer, branch_id uuid,
    device_id uuid, incarnation uuid, held bigint, head bigint, hashes_at_lower bytea[]
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
DECLARE
    b uuid;
    d uuid;
    n integer := cardinality(incarnations);
    lower_head bigint;
BEGIN
    SELECT c.branch, c.device INTO b, d FROM hub.caller('laptop', false) c;
    IF n IS NULL OR n > 1000 OR n IS DISTINCT FROM cardinality(heads)
        OR n IS DISTINCT FROM cardinality(head_hashes)
        OR octet_length($1) > 100 OR $2 NOT BETWEEN 1 AND 1000
        OR facts IS NULL OR facts < 0 OR array_position(incarnations, NULL) IS NOT NULL
        OR n <> (SELECT count(DISTINCT x) FROM unnest(incarnations) AS u(x))
        OR EXISTS (SELECT FROM unnest(heads) AS u(x) WHERE x IS NULL OR x < 0)
        OR EXISTS (SELECT FROM unnest(head_hashes) AS u(x) WHERE octet_length(x) > 32)
    THEN
        PERFORM hub.refuse('hello_shape');
    END IF;

    -- A file begins a new life when it was copied or set back: a few in all its time, not thousands.
    IF n + (SELECT count(*) FROM hub.life l WHERE l.branch_id = b AND l.device_id = d
        AND l.incarnation <> ALL (incarnations)) > 10000
    THEN
        PERFORM hub.refuse('hello_lives');
    END IF;

    UPDATE hub.device v
    SET last_seen = hub.now_us(), program = coalesce($1, ''), protocol = coalesce($2, 0), announced_facts = $6
    WHERE v.branch_id = b AND v.device_id = d;
    DELETE FROM hub.bucket_proof p WHERE p.branch_id = b AND p.device_id = d;
    -- A file that went back to an older state announces less; what was announced once is still owed.
    INSERT INTO hub.life AS l (branch_id, device_id, incarnation, announced, announced_hash, at)
    SELECT b, d, i.incarnation, i.head, coalesce(i.hash, ''::bytea), hub.now_us()
    FROM ROWS FROM (unnest(incarnations), unnest(heads), unnest(head_hashes)) AS i(incarnation, head, hash)
    ORDER BY i.incarnation
    ON CONFLICT (branch_id, device_id, incarnation) DO UPDATE SET
        announced = greatest(l.announced, excluded.announced),
        announced_hash = CASE WHEN excluded.announced >= l.announced
            THEN excluded.announced_hash ELSE l.announced_hash END,
        at = excluded.at;

    branch_id := b;
    device_id := d;
    protocol := 1;
    SELECT s.server_id INTO server_id FROM hub.server s;
    -- When most connections are taken, a laptop is asked to wait before it comes again.
    SELECT greatest(r.backoff_s, CASE
        WHEN (SELECT sum(a.numbackends) FROM pg_catalog.pg_stat_database a)
            > 0.7 * current_setting('max_connections')::integer THEN 20 ELSE 0 END)
    INTO backoff_s FROM hub.branch r WHERE r.branch_id = b;
    server_time := hub.now_us();
    IF n = 0 THEN
        RETURN NEXT;
    END IF;
    FOR place IN 1 .. n LOOP
        incarnation := incarnations[place];
        SELECT count(*), coalesce(max(v.seq), 0) INTO held, head
        FROM hub.delivery v
        LEFT JOIN hub.fact f
            ON f.branch_id = b AND f.fact_id = v.fact_id AND f.content_hash = v.content_hash
        LEFT JOIN hub.tombstone t ON t.branch_id = b AND t.fact_id = v.fact_id
        WHERE v.branch_id = b AND v.device_id = d AND v.incarnation = incarnations[place]
            AND (f.fact_id IS NOT NULL OR t.fact_id IS NOT NULL);
        lower_head := least(head, heads[place]);
        SELECT coalesce(array_agg(v.content_hash ORDER BY v.content_hash), '{}') INTO hashes_at_lower
        FROM hub.delivery v
        WHERE v.branch_id = b AND v.device_id = d AND v.incarnation = incarnations[place]
            AND v.seq = lower_head;
        -- This file is behind what was delivered from it, or has another fact there: another one like it is
        -- about, or it was set back. The laptop draws its own conclusion; this is what the office sees.
        IF head > heads[place] OR (head > 0 AND lower_head = heads[place]
            AND head_hashes[place] <> ALL (hashes_at_lower))
        THEN
            UPDATE hub.life l SET is_copied = true
            WHERE l.branch_id = b AND l.device_id = d AND l.incarnation = incarnations[place]
                AND NOT l.is_copied;
        END IF;
        RETURN NEXT;
    END LOOP;
END
$body$;

-- One row of three arrays, an answer for each fact in the order given: five hundred rows cost 2 ms more.
CREATE FUNCTION api.push(
    fact_ids uuid[], hashes bytea[], bodies bytea[], kinds text[], subjects uuid[],
    events uuid[], incarnations uuid[], seqs bigint[], captured bigint[]
) RETURNS TABLE (ids_echoed uuid[], hashes_echoed bytea[], answers text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
DECLARE
    b uuid;
    d uuid;
BEGIN
    SELECT c.branch, c.device INTO b, d FROM hub.caller('laptop', true) c;
    ids_echoed := fact_ids;
    hashes_echoed := hashes;
    answers := hub.take(b, d, 'direct',
        fact_ids, hashes, bodies, kinds, subjects, events, incarnations, seqs, captured);
    RETURN NEXT;
END
$body$;

CREATE FUNCTION api.prove(digests bytea, facts bigint, contacts bigint) RETURNS TABLE (
    differing integer[], code text, receipt_id uuid, proven_at bigint, extra bigint, covered bigint
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
DECLARE
    b uuid;
    d uuid;
    ours bytea[] := array_fill(sha256(''::bytea), ARRAY[256]);
    proven bytea[] := array_fill(''::bytea, ARRAY[256]);
    theirs bytea;
    total bigint := 0;
    one record;
BEGIN
    SELECT c.branch, c.device INTO b, d FROM hub.caller('laptop', false) c;
    IF octet_length(digests) IS DISTINCT FROM 8192 OR facts IS NULL OR facts < 0
        OR contacts IS NULL OR contacts < 0
    THEN
        PERFORM hub.refuse('prove_shape');
    END IF;
    PERFORM set_config('synchronous_commit', 'on', true);

    -- Each fact is looked up itself, and a tombstone only for one that is gone.
    FOR one IN
        SELECT v.bucket, count(*) AS amount,
            sha256(string_agg(v.content_hash, ''::bytea ORDER BY v.content_hash)) AS digest
        FROM hub.delivery v
        LEFT JOIN hub.fact f
            ON f.branch_id = b AND f.fact_id = v.fact_id AND f.content_hash = v.content_hash
        WHERE v.branch_id = b AND v.device_id = d
            AND (f.fact_id IS NOT NULL
                OR EXISTS (SELECT FROM hub.tombstone t WHERE t.branch_id = b AND t.fact_id = v.fact_id))
        GROUP BY v.bucket
    LOOP
        ours[one.bucket + 1] := one.digest;
        total := total + one.amount;
    END LOOP;
    FOR one IN
        SELECT p.bucket, p.digest FROM hub.bucket_proof p WHERE p.branch_id = b AND p.device_id = d
    LOOP
        proven[one.bucket + 1] := one.digest;
    END LOOP;
    differing := '{}';
    FOR bucket IN 0 .. 255 LOOP
        theirs := substring(digests FROM bucket * 32 + 1 FOR 32);
        IF theirs <> ours[bucket + 1] AND theirs <> proven[bucket + 1] THEN
            differing := differing || bucket;
        END IF;
    END LOOP;
    IF cardinality(differing) > 0 THEN
        RETURN NEXT;
        RETURN;
    END IF;

    -- Counted by each backup when it is through.
    SELECT v.covered_facts INTO covered FROM hub.device v WHERE v.branch_id = b AND v.device_id = d;
    code := upper(left(encode(sha256(digests), 'hex'), 4));
    extra := total - facts;
    receipt_id := gen_random_uuid();
    proven_at := hub.now_us();
    INSERT INTO hub.receipt (branch_id, device_id, receipt_id, facts, contacts, code, extra, covered, at)
    VALUES (b, d, receipt_id, $2, $3, code, extra, covered, proven_at);
    -- The last thousand tell enough.
    DELETE FROM hub.receipt r
    WHERE r.branch_id = b AND r.device_id = d AND r.at < (
        SELECT x.at FROM hub.receipt x WHERE x.branch_id = b AND x.device_id = d
        ORDER BY x.at DESC OFFSET 999 LIMIT 1);
    RETURN NEXT;
END
$body$;

-- The laptop names all that it holds in some buckets, and hears what of it is missing here. A bucket with
-- nothing missing counts as proven for just this list, until the next hello.
CREATE FUNCTION api.prove_buckets(buckets integer[], fact_ids uuid[], hashes bytea[])
RETURNS TABLE (fact_id uuid, content_hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
DECLARE
    b uuid;
    d uuid;
    n integer := cardinality(fact_ids);
    missing_ids uuid[];
    missing_hashes bytea[];
BEGIN
    SELECT c.branch, c.device INTO b, d FROM hub.caller('laptop', false) c;
    IF n IS NULL OR n > 50000 OR n IS DISTINCT FROM cardinality(hashes)
        OR cardinality(buckets) IS NULL OR cardinality(buckets) NOT BETWEEN 1 AND 256
        OR EXISTS (SELECT FROM unnest(buckets) AS u(x) WHERE x IS NULL OR x NOT BETWEEN 0 AND 255)
        OR array_position(fact_ids, NULL) IS NOT NULL
        OR EXISTS (SELECT FROM unnest(hashes) AS u(x) WHERE octet_length(x) IS DISTINCT FROM 32)
    THEN
        PERFORM hub.refuse('bucket_shape');
    END IF;
    IF EXISTS (SELECT FROM unnest(hashes) AS u(x) WHERE get_byte(x, 0) <> ALL (buckets)) THEN
        PERFORM hub.refuse('bucket_other');
    END IF;

    SELECT coalesce(array_agg(i.fact_id ORDER BY i.place), '{}'),
        coalesce(array_agg(i.hash ORDER BY i.place), '{}')
    INTO missing_ids, missing_hashes
    FROM ROWS FROM (unnest(fact_ids), unnest(hashes)) WITH ORDINALITY AS i(fact_id, hash, place)
    LEFT JOIN hub.delivery v ON v.branch_id = b AND v.device_id = d
        AND v.fact_id = i.fact_id AND v.content_hash = i.hash
    LEFT JOIN hub.fact f ON f.branch_id = b AND f.fact_id = i.fact_id AND f.content_hash = i.hash
    LEFT JOIN hub.tombstone t ON t.branch_id = b AND t.fact_id = i.fact_id
    WHERE v.fact_id IS NULL OR (f.fact_id IS NULL AND t.fact_id IS NULL);

    INSERT INTO hub.bucket_proof AS p (branch_id, device_id, bucket, digest, at)
    SELECT b, d, k.bucket, sha256(coalesce(string_agg(i.hash, ''::bytea ORDER BY i.hash), ''::bytea)),
        hub.now_us()
    FROM (SELECT DISTINCT x AS bucket FROM unnest(buckets) AS u(x)) k
    LEFT JOIN ROWS FROM (unnest(fact_ids), unnest(hashes)) AS i(fact_id, hash)
        ON get_byte(i.hash, 0) = k.bucket
    WHERE NOT EXISTS (SELECT FROM unnest(missing_hashes) AS m(hash) WHERE get_byte(m.hash, 0) = k.bucket)
    GROUP BY k.bucket
    ORDER BY k.bucket
    ON CONFLICT (branch_id, device_id, bucket) DO UPDATE SET digest = excluded.digest, at = excluded.at;

    RETURN QUERY SELECT i.fact_id, i.hash
        FROM ROWS FROM (unnest(missing_ids), unnest(missing_hashes)) AS i(fact_id, hash);
END
$body$;

-- Which of these facts a checked backup holds: what isn't in one is never wiped from a laptop.
CREATE FUNCTION api.covered(fact_ids uuid[], hashes bytea[])
RETURNS TABLE (fact_id uuid, content_hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
DECLARE
    b uuid;
    d uuid;
    n integer := cardinality(fact_ids);
BEGIN
    SELECT c.branch, c.device INTO b, d FROM hub.caller('laptop', false) c;
    IF n IS NULL OR n > 50000 OR n IS DISTINCT FROM cardinality(hashes) THEN
        PERFORM hub.refuse('covered_shape');
    END IF;
    RETURN QUERY SELECT i.fact_id, i.hash
        FROM ROWS FROM (unnest(fact_ids), unnest(hashes)) AS i(fact_id, hash)
        JOIN hub.delivery v ON v.branch_id = b AND v.device_id = d
            AND v.fact_id = i.fact_id AND v.content_hash = i.hash
        JOIN hub.covered k ON k.branch_id = b AND k.fact_id = i.fact_id AND k.content_hash = i.hash;
END
$body$;

CREATE FUNCTION api.briefing(have bigint)
RETURNS TABLE (version bigint, hash bytea, body bytea, signature bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
DECLARE
    b uuid;
BEGIN
    SELECT c.branch INTO b FROM hub.caller('laptop', false) c;
    RETURN QUERY SELECT r.version, r.hash, r.body, r.signature
        FROM hub.briefing r
        WHERE r.branch_id = b AND r.version > coalesce(have, -1)
        ORDER BY r.version DESC
        LIMIT 1;
END
$body$;

-- Keep the laptop's own key, vouched for by the secret of its enrolment file, which is used up by this.
CREATE FUNCTION api.enrolled(public_key bytea, mac bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
DECLARE
    b uuid;
    d uuid;
    kept bytea;
    enrolment record;
BEGIN
    SELECT c.branch, c.device INTO b, d FROM hub.caller('laptop', false) c;
    IF octet_length($1) IS DISTINCT FROM 32 OR octet_length($2) IS DISTINCT FROM 32 THEN
        PERFORM hub.refuse('enrolment_shape');
    END IF;
    PERFORM set_config('synchronous_commit', 'on', true);
    SELECT v.public_key INTO kept FROM hub.device v WHERE v.branch_id = b AND v.device_id = d FOR UPDATE;
    IF kept = $1 THEN
        RETURN; -- Said before, and the answer was lost on the way.
    END IF;
    SELECT e.secret, e.valid_until INTO enrolment
    FROM hub.enrolment e WHERE e.branch_id = b AND e.device_id = d FOR UPDATE;
    IF kept IS NOT NULL OR enrolment.secret IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'enrolment_used';
    END IF;
    IF enrolment.valid_until < hub.now_us() THEN
        RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'enrolment_expired';
    END IF;
    IF hub.hmac_sha256(enrolment.secret, convert_to('stojnica device key', 'UTF8') || '\x00'::bytea || $1)
        <> $2
    THEN
        RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'enrolment_mac';
    END IF;
    UPDATE hub.device v SET public_key = $1, enrolled_at = hub.now_us()
    WHERE v.branch_id = b AND v.device_id = d;
    UPDATE hub.enrolment e SET secret = NULL, used_at = hub.now_us()
    WHERE e.branch_id = b AND e.device_id = d;
END
$body$;

CREATE FUNCTION office_api.push(
    fact_ids uuid[], hashes bytea[], bodies bytea[], kinds text[], subjects uuid[],
    events uuid[], incarnations uuid[], seqs bigint[], captured bigint[]
) RETURNS TABLE (ids_echoed uuid[], hashes_echoed bytea[], answers text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
DECLARE
    b uuid;
    d uuid;
BEGIN
    SELECT c.branch, c.device INTO b, d FROM hub.caller('office', true) c;
    ids_echoed := fact_ids;
    hashes_echoed := hashes;
    answers := hub.take(b, d, 'office',
        fact_ids, hashes, bodies, kinds, subjects, events, incarnations, seqs, captured);
    RETURN NEXT;
END
$body$;
