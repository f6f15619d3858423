"""The words people use with the bot: tables of commands and small talk, in both languages.

Phrases are parted by commas and read in the standard spelling of `ALIASES`; `words.py` reads messages by them.
"""

from enum import StrEnum


class Word(StrEnum):
    #: YA
    YES = "yes"
    #: BELUM
    NOT_YET = "not_yet"
    #: TIDAK
    NO = "no"
    #: UBAH; the rest may name the field
    EDIT = "edit"
    #: LEWATI
    SKIP = "skip"
    #: KEMBALI
    BACK = "back"
    #: BATAL
    CANCEL = "cancel"
    #: BANTUAN
    HELP = "help"
    #: STATUS; the rest is a number or nothing
    STATUS = "status"
    #: LAPOR; the rest is the problem or nothing
    REPORT = "report"
    #: TAMBAH; the rest is number and addition
    ADD = "add"
    #: SAMBUNG; the rest is the number of a report filed from another address
    LINK = "link"
    #: LEPAS; the rest is a number
    UNLINK = "unlink"
    #: PETUGAS: would rather talk to a person
    HUMAN = "human"
    #: no more news by this channel
    STOP = "stop"
    #: MULAI; the rest of /start is what a deep link carries
    START = "start"
    #: LAPORAN SAYA
    MINE = "mine"
    #: BAHASA; the rest is a `Language` or nothing
    LANGUAGE = "language"
    #: PRIVASI: the notice on data in full
    NOTICE = "notice"
    #: DATA SAYA: all that is held about the person
    DATA = "data"
    #: HAPUS DATA; the rest is `SURE` once the person is, or nothing
    ERASE = "erase"
    #: CABUT; the rest is number and reason
    WITHDRAW = "withdraw"
    #: RAHASIA; the rest is a number
    PROTECT = "protect"
    #: BUKA: what counts as solved is not; the rest is number and reason
    REOPEN = "reopen"
    #: BANDING: contests that a report was archived; the rest is number and reason
    APPEAL = "appeal"
    #: WAKIL: reports for somebody else; the rest is the problem or nothing
    BEHALF = "behalf"


class Smalltalk(StrEnum):
    """What is said without telling anything yet."""

    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    #: trying whether someone is there: "P", "tes", "123", emoji
    PROBE = "probe"
    #: an insult with no matter in it
    INSULT = "insult"


ALIASES = {
    spelling: standard
    for standard, spellings in {
        "ya": "y,yaa,iya,iyaa,iye,iyah,yah,yup,yap,yoi,aok,auk,inggih,nggih",
        "ok": "oke,okey,okay,okeh,okee,oks,okelah,okedeh",
        "jangan": "jgn,jngn,jgan,jangn",
        "tidak": "tdk,tak,gk,gak,ga,g,t,n,ngga,nggak,ngak,enggak,engga,kagak,kaga,ndak,ndk,nda,dak,ora,mboten,nadak",
        "belum": "blm,blum,blom,belom,belon,bloman,durung,dereng",
        "sudah": "sdh,udah,udh,dah,wis,nyau",
        "batal": "btl,batl,bata1,batall",
        "lapor": "lapr,laporr,lpr,lapir,laor,lapo,lapoor,lapot,melapor,ngelapor,report",
        "status": "setatus,statu,stts,stat,sttus,statuss",
        "tambah": "tmbh,tambh,add",
        "ada": "ad,ade,ado",
        "foto": "poto,photo,fto",
        "pakai": "pake",
        "jadi": "jd",
        "usah": "ush",
        "perlu": "prlu,prl",
        "saja": "aja,aj,sja,wae,jak",
        "pak": "pk,bpk,bapak",
        "bu": "ibu,buk",
        "tolong": "tlg,tlng,tolg,tulung,pls,plis,please",
        "mohon": "mhn,mohn",
        "mau": "mo,ingin,pengen,pingin,hendak",
        "saya": "sy,sya,aku,ak,kami",
        "bagaimana": "gmn,gmna,bgmn,gimana,piye,camane",
        "terima kasih": "terimakasih,trimakasih,makasih,makasi,mksh,trmksh,trims,trim,tks,tq,thx,thanks,ty,suwun,nuwun",
    }.items()
    for spelling in spellings.split(",")
}

#: to "if you want us to record it"; elsewhere as BATAL
UNRECORDED = (
    "jangan dicatat,jangan catat,tidak usah dicatat,tidak perlu dicatat,tidak mau dicatat,jangan dilaporkan,"
    "tidak usah dilaporkan,do not record,don t record,do not record it,don t record it"
)
COMMANDS = {
    Word.YES: "ya,ok,betul,benar,setuju,kirim,kirimkan,boleh,baik,siap,sip,yes,yes please,yep,yeah,correct,right,sure,"
    "send,send it,sudah,sudah benar,sudah betul,sudah beres,sudah selesai,beres,selesai,cocok,pas,lanjut kirim,"
    "kirim sekarang",
    Word.NOT_YET: "belum,belum beres,belum selesai,belum ada,not yet,masih belum,belum sama sekali",
    Word.NO: "tidak,bukan,jangan,salah,keliru,no,nope,not,jangan kirim,jangan dikirim,tidak setuju,tidak benar,"
    "tidak betul,belum benar,belum betul,tidak jadi batal,bukan itu,bukan di situ,tidak mau",
    Word.EDIT: "ubah,ganti,perbaiki,edit,rubah,koreksi,ralat,revisi,betulkan,ubahlah,mengubah,change,mau ubah,"
    "ubah laporan,mau ubah laporan,ubah laporan tadi,mau ubah laporan tadi,ubah isi laporan,mau ubah isi laporan,"
    "bisa ubah laporan,ganti laporan tadi,mau ganti laporan tadi,ralat laporan,mau ralat laporan,"
    "change my report,edit my report",
    Word.SKIP: "lewati,lewat,lewatkan,skip,lewati dulu,tidak ada,tidak usah,tidak perlu,gaada,gada,gausah,nadai,"
    "lanjut,lanjutkan,next,cukup,nanti,tanpa foto,tidak ada foto,tidak ada fotonya,tidak punya,tidak punya foto,"
    "tidak pakai foto,tidak usah foto,tidak perlu foto,terserah,terserah saja,trserah,whatever,tidak tahu,tidak tau,"
    "entah,none,nothing,tidak ada lagi,go on",
    Word.BACK: "kembali,back,mundur,balik,sebelumnya,kembali ke sebelumnya,go back",
    Word.CANCEL: "batal,batalkan,dibatalkan,tidak jadi,tidak jadi lapor,batal lapor,batalkan laporan,discard,"
    f"urung,hapus,hapus laporan,keluar,exit,{UNRECORDED}",
    Word.HELP: "bantuan,bantu,tolong,dibantu,help,menu,cara,caranya,cara lapor,cara melapor,bagaimana cara lapor,"
    "bagaimana caranya,bagaimana cara melapor,bagaimana cara,panduan,petunjuk,info,bingung,tidak mengerti,"
    "tidak paham,minta bantuan,butuh bantuan,bisa bantu,cara pakai,how,perintah",
    Word.STATUS: "status,cek,cek status,status laporan,status laporan saya,cek laporan,cek laporan saya,"
    "bagaimana status,bagaimana status laporan saya,bagaimana laporan saya,status aduan,cek aduan,check,"
    "perkembangan laporan saya,status laporan bagaimana,status laporan saya bagaimana,laporan bagaimana,"
    "laporan saya bagaimana,bagaimana kabar laporan,kabar laporan,kabar laporan saya,sampai mana laporan,"
    "sudah sampai mana laporan,laporan sudah sampai mana,laporan saya sudah sampai mana,bagaimana perkembangan laporan,"
    "how is my report,what about my report,status of my report,report status,my report status,where is my report,"
    "where s my report,what happened to my report,any news,any update,any news of my report,news of my report,"
    "mana laporan saya,di mana laporan saya,laporan saya mana",
    Word.REPORT: "lapor,adu,aduan,mengadu,laporkan,pengaduan,lapor baru,laporan baru,mau lapor,saya mau lapor,"
    "mau mengadu,saya mau mengadu,buat laporan,buat aduan,bikin laporan,mau buat laporan,new report,complain,"
    "complaint,lapor lagi,mau lapor lagi",
    Word.ADD: "tambah,tambahan,tambahkan",
    Word.LINK: "sambung,sambungkan,sambungkan laporan,sambung laporan,hubungkan,hubungkan laporan,link,link report",
    Word.UNLINK: "unlink,lepas sambungan,putus sambungan,lepaskan sambungan",
    Word.HUMAN: "petugas,bicara dengan petugas,bicara dgn petugas,mau bicara dengan petugas,ngobrol dengan petugas,"
    "hubungi petugas,minta petugas,sambungkan ke petugas,bisa bicara dengan petugas,"
    "boleh bicara dengan petugas,bicara sama petugas,mau bicara sama petugas,ngomong sama petugas,"
    "mau ngomong sama petugas,ngomong dengan petugas,mau ngomong dengan petugas,hubungi admin,bicara dengan admin,"
    "mau bicara dengan admin,bicara dengan orang,mau bicara dengan orang,bicara sama orang,telepon petugas,"
    "hubungkan ke petugas,hubungkan dengan petugas,sambungkan dengan petugas,butuh petugas,speak to a person,"
    "speak to someone,talk to an officer,speak to an officer,"
    "operator,customer service,human,agent,person,talk to a person,"
    "talk to someone,a person,real person",
    Word.STOP: "stop,setop,stpo,stopp,berhenti,stop kirim,stop sms,stop pesan,berhenti kirim,unsubscribe,"
    "berhenti langganan,stop langganan,jangan kirim lagi,jangan kirim sms lagi,jangan sms lagi,stop notifikasi",
    Word.START: "mulai,start,mulai lagi,mulai dari awal,unstop",
    Word.MINE: "laporan saya,laporanku,aduan saya,pengaduan saya,lihat laporan,lihat laporan saya,daftar laporan,"
    "daftar laporan saya,semua laporan saya,my report,my reports,riwayat,riwayat laporan",
    Word.LANGUAGE: "bahasa,language,lang,english,inggris,indonesia,indonesian,bahasa inggris,bahasa indonesia,"
    "in english,ganti bahasa,ubah bahasa,ganti bahasa inggris,ganti bahasa indonesia,bahasa en,bahasa id,"
    "language english,language indonesian,change language",
    Word.NOTICE: "privasi,privacy,privacy notice,privacy policy,kebijakan privasi,pemberitahuan privasi,data pribadi,"
    "perlindungan data,perlindungan data pribadi,hak saya,hak atas data,my rights",
    Word.DATA: "data saya,dataku,lihat data saya,minta data saya,tampilkan data saya,data diri saya,data pribadi saya,"
    "semua data saya,my data,show my data,get my data",
    Word.ERASE: "hapus data,hapuskan data,hapus dataku,hapus data pribadi,hapus data diri,hapus semua data,hapus akun,"
    "hapus identitas,mau hapus data,delete my data,delete data,delete all my data,erase my data,delete my account,"
    "hapus data selamanya,hapus data saya selamanya,delete my data forever,delete data forever,erase my data forever",
    Word.WITHDRAW: "cabut,cabut laporan,cabut aduan,cabut pengaduan,mau cabut laporan,mencabut laporan,tarik laporan,"
    "tarik kembali laporan,withdraw,withdraw report,withdraw my report,withdraw my lapor,withdraw lapor",
    Word.REOPEN: "buka,buka lagi,buka kembali,buka laporan,buka lagi laporan,buka kembali laporan,buka laporan lagi,"
    "buka laporan kembali,mau buka lagi,mau buka laporan lagi,minta buka lagi,reopen,reopen it,reopen report,"
    "reopen my report,reopen the report",
    Word.APPEAL: "banding,ajukan banding,mau banding,mau ajukan banding,mengajukan banding,minta banding,appeal",
    Word.BEHALF: "wakil,mewakili,mewakilkan,mewakili orang lain,untuk orang lain,lapor untuk orang lain,"
    "lapor mewakili orang lain,mau lapor untuk orang lain,bantu orang lain lapor,bantu lapor,on behalf,"
    "on behalf of someone else,for someone else,for somebody else,lapor for someone else,behalf",
}
#: what may stand beside a wish to report that tells nothing yet: "halo, bisa lapor di sini?", "can I report something?"
REPORT_FILLERS = (
    "halo,hallo,hello,hai,hi,hei,hey,selamat,pagi,siang,sore,malam,permisi,assalamualaikum,mau,bisa,boleh,di sini,"
    "disini,sini,sesuatu,masalah,ada,apakah,apa,ya,tolong,ke,kesini,i,we,want,need,have,to,would,like,d,can,could,may,"
    "is,it,this,possible,here,something,a,problem,an,issue,make,file,there,good,morning,evening,afternoon,am,how,do"
)
#: in a description: it tells what happened to one other person, who may not know of the report
FOR_ANOTHER = (
    r"\b(?:mewakili|mewakilkan|atas nama|(?:me)?lapor(?:kan)? (?:untuk|utk|buat)|titipan(?: laporan)?(?: dari)?|"
    r"on behalf of|report(?:ing)? for) (?:seorang |my |an? )?"
    r"(?:tetangga|ibu|bapak|bpk|pak|bu|nenek|kakek|orang (?:lain|tua)|saudara|teman|adik|adek|kakak|abang|anak|suami|"
    r"istri|mertua|seseorang|lansia|difabel|neighbou?r|mother|father|parents?|grand(?:mother|father)|friend|brother|"
    r"sister|someone|somebody|wife|husband|son|daughter|(?:old|elderly) (?:man|woman))\b"
)
#: in HAPUS DATA: without it the person is told first what goes and what stays. YA would be no good: at the end of a
#: sentence it is but a friendly particle
SURE = "selamanya"
SURE_WORDS = frozenset({SURE, "forever"})
#: words that carriers themselves take as an opt-out; an SMS with one of them means STOP, whatever we would like
CARRIER_STOPS = "cancel,end,quit,stopall,stop all,optout,opt out,revoke"
PHRASES_ELSEWHERE = {Word.CANCEL: "cancel,quit,end"}

#: how people address us; alone they are a greeting
ADDRESSES = "pak,bu,min,admin,mimin,mas,mbak,mba,bang,bg,kak,kakak,om,tante,gan,bos,boss,lur,dik,mohon,maaf"
FILLERS = (
    f"{ADDRESSES},bot,dong,deh,sih,lah,kah,nih,ni,kok,saja,dulu,saya,sekali,banget,bgt,terima kasih,"
    "terima kasih banyak,matur terima kasih,kalau begitu,yang,itu,thank you,bah,ja,ye,to"
)
#: what may follow UBAH: the fields of a draft, and what people call them
FIELDS = {
    "description": "masalah isi laporan uraian keterangan text problem",
    "place": "lokasi tempat alamat desa kecamatan patokan place location",
    "when": "waktu tanggal hari kapan time date when",
    "category": "kategori jenis topik tentang category about",
    "photos": "foto gambar lampiran berkas photo file",
    "privacy": "identitas nama rahasia privasi privacy name",
}
SLASH_EXTRA = {
    Word.HELP: "bantuan help menu",
    Word.MINE: "saya laporan laporan_saya laporanku riwayat my mine reports",
    Word.CANCEL: "cancel batal discard",
    Word.LANGUAGE: "bahasa language lang english indonesia",
    Word.DATA: "data datasaya data_saya mydata my_data",
    Word.ERASE: "hapusdata hapus_data delete_my_data deletemydata",
    Word.PROTECT: "rahasia rahasiakan secret",
}
#: "lapor ke polisi tidak ditanggapi" tells of a report made elsewhere
NOT_A_REPORT = frozenset("ke kepada kpd tapi tp tetapi kok diri berkali".split())
#: "tambah parah" and "tambah lampu di gang kami" are complaints and wishes
NOT_AN_ADDITION = frozenset(
    "parah rusak buruk hancur lama banyak besar dalam lebar tinggi mahal susah sulit jelek macet gelap bau keruh "
    "kotor sering naik lampu guru loket petugas dokter bidan perawat bus armada tiang tower jam kuota pupuk daya "
    "listrik sambungan kelas ruang kursi kontainer bak tong modal dana hari".split()
)
#: what may stand between STATUS and a number
BEFORE_NUMBER = frozenset("no nomor nmr nomer laporan aduan pengaduan tiket kode pelacakan number".split())

SMALLTALK = {
    Smalltalk.GREETING: "halo,hallo,hello,helo,hai,hay,hi,hei,hey,salam,permisi,punten,misi,spada,shalom,salom,"
    "salam sejahtera,assalamualaikum,assalamu alaikum,asalamualaikum,aslm,ass,assalam,asslmkm,askum,wr wb,wrwb,"
    "warahmatullahi wabarakatuh,selamat pagi,selamat siang,selamat sore,selamat malam,selamat petang,slmt pagi,"
    "slmt siang,slmt sore,slmt malam,met pagi,met siang,met sore,met malam,pagi,siang,sore,malam,pgi,mlm,"
    "good morning,good afternoon,good evening,sugeng enjing,kulonuwun,kula nuwun,adil ka talino,tabe,om swastiastu,"
    "mau tanya,mau nanya,mau bertanya,numpang tanya,izin bertanya,ijin bertanya,izin tanya,boleh tanya,ada orang,"
    "ada admin,ada yang bisa bantu,ini siapa,siapa ini,kamu siapa,ini nomor apa,nomor apa ini,apa kabar,dengan siapa",
    Smalltalk.THANKS: "terima kasih,terima kasih banyak,matur terima kasih,thank you,thank you very much,sama sama,"
    "atas bantuannya,atas tanggapannya,atas responnya,atas informasinya,atas perhatiannya,terima kasih sudah dibantu,"
    "sangat membantu,mantap,mantab,good job,bagus,ditunggu,ditunggu ya,ditunggu kabarnya,saya tunggu,"
    "saya tunggu kabarnya,menunggu kabarnya,we will wait,i will wait,waiting for it",
    Smalltalk.GOODBYE: "sampai jumpa,sampai nanti,dadah,dah dulu,bye,bye bye,goodbye,selamat tinggal,wassalam,"
    "wassalamualaikum,selamat istirahat",
    Smalltalk.PROBE: "tunggu,tunggu sebentar,sebentar,bentar,wait,lagi di jalan,lagi sibuk,nanti dulu,one moment,"
    "qwertyuiop,bla,bla bla,blabla,lorem ipsum,p,pp,ping,tes,test,tess,testing,coba,uji coba,mencoba,cuma coba,"
    "cuma tes,iseng,cek cek,hm,hmm,eh,oi,oii,woi,woy,hoi,"
    "asdf,qwerty,xx,lol,bot,ini bot,apakah ini bot,ini robot,tes tes,a,b,c",
    Smalltalk.INSULT: "bodoh,tolol,goblok,goblog,gblk,bego,idiot,dungu,anjing,anjg,anjir,anjay,asu,babi,bangsat,"
    "bajingan,brengsek,kampret,monyet,tai,taik,setan,iblis,sialan,keparat,laknat,jancok,jancuk,cok,kontol,memek,"
    "puki,pukimak,ngentot,tidak becus,tidak guna,tidak berguna,tidak ada gunanya,payah,pembohong,tukang bohong,"
    "omong kosong,makan gaji buta,gaji buta,tidak peduli,tidak ada otak,tidak punya otak,tidak tahu malu,pemalas,"
    "tidur saja,diam saja,janji palsu,janji manis,janji saja,lazy,liars,liar,fuck,"
    "fuck you,shit,bullshit,stupid,useless,damn,asshole,bacot,pantek,palui,lancau",
}
#: what an insult is aimed at, or dressed with, without becoming a matter
INSULT_FILLERS = (
    "dasar,memang,emang,pejabat,pemerintah,pemda,pemkab,bupati,petugas,pegawai,dinas,kalian,kamu,lu,kau,anda,elu,lo,"
    "kerja,kerjanya,cuma,hanya,semua,semuanya,semua orang,orang,kantor,negara,kabupaten,sangat,benar,betul,ini,pada,"
    "percuma,you,are,the,your,government,kayak,kaya,seperti,kabeh,pelayanan,layanan,camat,kades,lurah,all"
)

#: of an answer to a report: what says that it is solved, or that it is not; read only where that is asked
VERDICTS = {
    "solved": f"{COMMANDS[Word.YES]},diperbaiki,nyala,menyala,hidup,terang,bersih,lancar,normal,mengalir,teratasi,"
    "ditangani,tertangani,ditambal,dibersihkan,diangkut,aman,rapi,kering,bagus,baik,baik baik saja,puas,"
    "mantap,mantab,mantul,keren,good job,great,"
    "tidak ada masalah,tidak masalah,fixed,solved,resolved,done,working,it works,no problem,all good",
    "not": f"{COMMANDS[Word.NOT_YET]},{COMMANDS[Word.NO]},tidak beres,tidak selesai,tidak diperbaiki,tidak puas,"
    "belum diperbaiki,belum nyala,belum menyala,belum bersih,belum ditangani,belum ditambal,belum diangkut,"
    "belum ada perubahan,tidak ada perubahan,belum ada perbaikan,belum ada tindakan,sama saja,masih sama,"
    "masih begitu,masih seperti dulu,not solved,not fixed,not done,not resolved,it is not,still not,no change,"
    "bohong,itu bohong,bohong itu,not really,not true,a lie",
}
#: what may stand beside it
VERDICT_FILLERS = (
    "sekarang,skrg,skrang,alhamdulillah,puji tuhan,syukur,semua,semuanya,airnya,lampunya,jalannya,laporannya,"
    "masalahnya,sampahnya,sampai sekarang,sama sekali,lagi,betul betul,it,is,it s,s,now,everything,yet,all"
)
#: to "may we pass it on to the Ombudsman?"; read only where that is asked
CONSENTS = {
    "agree": "setuju,stuju,stju,setujuh,setujui,agree,agreed",
    "refuse": "tidak,tidak setuju,tidak usah,tidak perlu,tidak mau,jangan,no,not agree,do not agree,disagree",
}
CONSENT_FILLERS = (
    "ya,ok,i,laporan,laporannya,diteruskan,teruskan,silakan,silahkan,boleh,sangat,ke,sana,ombudsman,kalbar"
)
#: what takes a verdict back: "sudah, tapi masih bocor"
BUT = r"tapi|tp|tetapi|namun|cuman|but|however"
#: a reason that follows BELUM without a mark, and means the same without it
AFTER_NOT_YET = "masih tetap karena krn krna sebab soalnya still because"
#: by one of these words a sentence tells what is not solved
STILL = "belum masih tetap still"
#: a few words, one of them "lagi": what was solved is there again
AGAIN = "lagi again"
BACK = (
    "rusak mati padam bocor bolong berlubang macet mampet tersumbat longsor banjir kotor keruh bau menumpuk hancur "
    "broken leaking blocked flooded dirty"
)
#: ratings, as words
STARS = {
    "1": "1,satu,one",
    "2": "2,dua,two",
    "3": "3,tiga,three",
    "4": "4,empat,four",
    "5": "5,lima,five",
}
STAR_FILLERS = (
    "nilai,nilainya,rating,ratingnya,bintang,star,stars,beri,kasih,kami,skor,angka,buruk,jelek,baik,bagus,bad,good,"
    "sangat,puas,memuaskan,mantap"
)
#: by one of these words a few words without a topic are a remark on a report that is open or just settled
REMARKS = (
    "sudah belum masih kok lama lambat nunggu menunggu tunggu kabar kabarnya kapan bagaimana mana cepat segera proses "
    "diproses ditindak ditindaklanjuti direspon respon tanggapan jawaban serius diperbaiki dikerjakan ditangani nyala "
    "menyala terang beres selesai alhamdulillah percuma when waiting still fixed long slow already answer reply done"
)
#: such a remark asks or presses: it tells nothing that could be added
ASKING = (
    "kok lama lambat nunggu menunggu kabar kabarnya kapan bagaimana mana cepat segera respon direspon tanggapan "
    "jawaban serius percuma when waiting long slow reply"
)
