"""Words, Indonesian and English, that tell what kind of text it is; in standard spelling, comma-separated, weighed."""

from enum import StrEnum


class Signal(StrEnum):
    #: asks for information
    QUESTION = "question"
    #: suggests or wishes for something new
    WISH = "wish"
    #: something is wrong: speaks against both
    TROUBLE = "trouble"
    #: wants not to be known
    PROTECTION = "protection"


#: how strongly phrases speak for a signal; "a + b": both, near each other, in any order
SIGNALS: dict[tuple[Signal, float], str] = {
    (Signal.QUESTION, 3): (
        "mohon informasi,minta informasi,minta info,mau tanya,mau bertanya,numpang tanya,"
        "ingin bertanya,izin bertanya,syarat,persyaratan,prosedur,apa saja,bagaimana cara,caranya,"
        "cara mengajukan,cara buat,cara daftar,cara urus,berapa lama,berapa biaya,biayanya berapa,"
        "berapa ongkos,jam berapa,tanggal berapa,nomor telepon,dinas mana,ke mana,kapan + lagi,"
        "buka kah,apakah ada lowongan,tidak min,tidak kak,ya min,how do i,how to,how can i,"
        "what are the requirements,how much,where can i,do i need"
    ),
    (Signal.QUESTION, 2): (
        "cara,jadwal,kapan,berapa,di mana,apakah,bisakah,bolehkah,apa ada,adakah,informasi,bagaimana,"
        "tanya,kah,bisa,aturannya,what,when,where"
    ),
    (Signal.QUESTION, 1): "apa,atau,info,urus",
    (Signal.WISH, 3): (
        "usul,usulan,usulkan,mengusulkan,saran,menyarankan,semoga,berharap,harapan kami,harap,"
        "alangkah baiknya,mohon dibangun,mohon dibuatkan,mohon diadakan,mohon dipasang,mohon diaspal,"
        "mohon pengadaan,mohon penerangan,mohon pelatihan,mohon patroli,mohon + dibangun,"
        "mohon + diadakan,mohon + diperkeras,mohon festival,tolong buatkan,tolong adakan,"
        "tolong dibangun,tolong diadakan,tolong dibuatkan,minta pelatihan,minta dibangun,"
        "minta dibuatkan,minta diadakan,hidupkan lagi,adakan lagi,pelayanan keliling,perlu dibangun,"
        "perlu diadakan,suggestion,i suggest,it would be nice"
    ),
    (
        Signal.WISH,
        1.5,
    ): "agar,supaya,buatkan,adakan,diadakan,dibangunkan,dibangun,ditambah,keliling,perbanyak",
    (Signal.TROUBLE, 2): (
        "rusak,hancur,mati,padam,bocor,roboh,patah,ambruk,jebol,retak,putus,tersumbat,miring,keruh,"
        "kotor,padahal,belum diperbaiki,kapan dibetulkan,kapan diperbaiki,kapan dikerjakan,"
        "tolong ditertibkan,broken,not working"
    ),
    (Signal.TROUBLE, 1.5): (
        "bau,kosong,habis,hilang,terlambat,telat,lambat,kurang,palsu,ditolak,dicoret,dipotong,"
        "ditahan,menumpuk,longsor,banjir,tutup,kenapa,mengapa,tidak pernah,jarang,mengeluh,keluhan,"
        "kecewa,mahal,naik,gatal,takut,salah,belum jadi,belum dibayar,belum cair,tidak bisa,nunggak,"
        "disuruh,sampai sekarang,sudah lama,minta diganti,dekat rumah"
    ),
    (Signal.TROUBLE, 1): "tidak,belum,tapi,malah,terus,sering",
    (Signal.PROTECTION, 1): (
        "rahasia,rahasiakan,dirahasiakan,merahasiakan,kerahasiaan,jangan sebut,jangan disebut,"
        "jangan disebutkan,jangan sebutkan,jangan bilang,jangan + nama,jangan + identitas,"
        "jangan + ketahuan,nama + tidak diberitahukan,nama + tidak disebut,tidak mau disebut,"
        "identitas saya,identitas kami,anonim,tanpa nama,takut + nama,takut + ketahuan,"
        "takut + diketahui,takut bicara,takut lapor,takut melapor,saya takut,takut + dipecat,"
        "takut + dipersulit,takut + diancam,takut + dimarahi,takut + diintimidasi,takut + dicoret,"
        "takut + dendam,diancam,diintimidasi,lindungi saya,lindungi kami,konangan,anonymous,"
        "confidential,keep it secret,hide my name,do not mention my name,don t mention my name,"
        "i am afraid,i m afraid,"
        "name secret,name a secret,name confidential,reveal my identity,hide my identity,protect my identity,"
        "stay anonymous,do not tell anyone,don t tell anyone,do not reveal,don t reveal,keep this private,"
        "keep it private,keep me hidden,i fear revenge,scared + find out,"
        "afraid + find out,i was threatened,i am threatened,they will fire me,without my name,"
        "fear of revenge"
    ),
}
